import { definePlugin, loadModel, looksLikeModel, saveModel, WhittleError } from '@whittle/core';
import type { Backend, Plugin, Reader } from '@whittle/core';

const reader: Reader = {
  format: 'whittle',
  extensions: ['whittle', 'safetensors'],
  recognizes: looksLikeModel,
  read: (bytes, { ops, shapes }) => {
    if (shapes)
      throw new WhittleError('OPTION_INVALID', 'a .whittle file leaves no extents open, but a shape is told');
    return loadModel(bytes, ops);
  },
};

const backend: Backend = {
  target: 'whittle',
  description: "Whittle's own file: the graph and, as safetensors, the weights",
  keepsGraph: true,
  async emit(model) {
    const bytes = saveModel(model);
    const main = 'model.whittle';
    return { files: new Map([[main, bytes]]), main, report: { bytes: bytes.length } };
  },
};

/** Whittle's own file format, in and out. */
export const whittleFormat: Plugin = definePlugin({
  name: 'whittle',
  readers: [reader],
  backends: [backend],
});
