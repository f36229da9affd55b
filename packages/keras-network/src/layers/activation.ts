import { prelu } from '@whittle/core';
import { invalid } from '../faults.js';
import type { LayerReader } from '../graph/layer-reader.js';
import { activationLayers } from './activation-layers.js';
import { applyActivation } from './activation-spec.js';

const readPrelu: LayerReader = {
  variables: () => ({ trainable: ['alpha'] }),
  read(call) {
    const x = call.input;
    const slopes = call.tensorOf('alpha').shape;
    const expected = call.extents(x);
    if (slopes.length !== expected.length || slopes.some((dim, i) => dim !== 1 && dim !== expected[i]))
      throw invalid(call.where, `slopes of shape [${slopes.join(', ')}], expected [${expected.join(', ')}]`);
    // Axes in front that are shared are left out, as broadcasting does.
    const first = slopes.findIndex((dim) => dim !== 1);
    const kept = first < 0 ? slopes.slice(-1) : slopes.slice(first);
    const alpha = call.weight('alpha', 'weight', (value) => ({ ...value, shape: kept }));
    return call.node('prelu', prelu, {}, [x, alpha]);
  },
};

export const activationReaders: Readonly<Record<string, LayerReader>> = {
  ...Object.fromEntries(
    Object.entries(activationLayers).map(([name, apply]): [string, LayerReader] => [
      name,
      { read: (call) => apply(call, call.input, call.options) },
    ]),
  ),
  Activation: {
    read: (call) => applyActivation(call, call.input, call.options.get('activation')),
  },
  PReLU: readPrelu,
};
