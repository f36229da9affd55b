import type { LayerConfig } from '../config/network-config.js';
import type { LayerReader } from '../graph/layer-reader.js';
import { activationReaders } from './activation.js';
import { convolutionReaders } from './convolution.js';
import { denseReaders } from './dense.js';
import { embeddingReaders } from './embedding.js';
import { marginReaders } from './margins.js';
import { mergingReaders } from './merging.js';
import { normalizationReaders } from './normalization.js';
import { poolingReaders } from './pooling.js';
import { resizingReaders } from './resizing.js';
import { shapeReaders } from './shape.js';
import { trainingOnlyReaders } from './training-only.js';
import { transposeConvolutionReaders } from './transpose-convolution.js';
import { wrapperReaders } from './wrappers.js';
import { recurrentReaders } from './recurrent.js';
import { operationReaders } from '../operations/operations.js';
import { tensorflowReaders } from '../operations/tensorflow.js';

/** Layers by class. */
const layerReaders: Readonly<Record<string, LayerReader>> = {
  ...activationReaders,
  ...convolutionReaders,
  ...denseReaders,
  ...embeddingReaders,
  ...marginReaders,
  ...mergingReaders,
  ...normalizationReaders,
  ...poolingReaders,
  ...recurrentReaders,
  ...resizingReaders,
  ...shapeReaders,
  ...tensorflowReaders,
  ...trainingOnlyReaders,
  ...transposeConvolutionReaders,
  ...wrapperReaders,
};

/**
 * Whether it is a function of Keras 3's `ops`, such as the sum of two tensors, and no layer. An .h5 file doesn't say so, but
 * every layer has whether it is trained.
 */
export function isOperation({ module, className, options }: LayerConfig): boolean {
  if (module !== undefined) return /^keras\.(src\.)?ops(\.|$)/.test(module);
  return Object.hasOwn(operationReaders, className) && options.get('trainable') === undefined;
}

/** How a layer is read; undefined where it can't be. */
export function readerOf(layer: LayerConfig): LayerReader | undefined {
  if (!isOfKeras(layer)) return undefined;
  const readers = isOperation(layer) ? operationReaders : layerReaders;
  return Object.hasOwn(readers, layer.className) ? readers[layer.className] : undefined;
}

/** Why a layer has no reader. */
export function whyUnread(layer: LayerConfig): string {
  if (layer.className === 'Lambda') return 'a Lambda layer holds code, which is never run';
  if (isOperation(layer)) return `no op for the operation ${layer.className}`;
  if (isOfKeras(layer)) return `no op for a layer of class ${layer.className}`;
  return `a layer of class ${layer.className}, which is not one of Keras': its code is not in the file`;
}

/** A class of one's own may have the name of one of Keras'. */
function isOfKeras({ module }: LayerConfig): boolean {
  return module === undefined || /^(keras|tf_keras|tensorflow\.(python\.)?keras)(\.|$)/.test(module);
}
