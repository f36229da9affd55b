import { averagePool2d, maxPool2d } from '@whittle/core';
import type { OpDefinition, PoolAttributes } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import { drawActivation } from './convolution.js';
import { extents, opModel, opSuite, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

function poolSuite(
  op: OpDefinition<PoolAttributes>,
  dtype: ActivationDType,
  seeds: readonly number[],
): Suite {
  return opSuite(suiteName(op.name, dtype), seeds, (draw): OpCase => {
    const size: [number, number] = [draw.between(1, 5), draw.between(1, 5)];
    const strides: [number, number] = [draw.between(1, 3), draw.between(1, 3)];
    const padding = draw.pick('same', 'valid');
    const least = padding === 'same' ? [1, 1] : size;
    const image = least.map((extent) => extent + draw.between(0, 6));
    const shape = [1, ...image, draw.between(1, 9)];
    const quantization = draw.activation(dtype);
    const activation = drawActivation(draw);
    const model = opModel(op.name, [{ shape, quantization, dtype }], (builder, [x]) => {
      const attributes = { size, strides, padding, activation };
      return builder.node('output', op, attributes, [x], { quantization: [quantization] });
    });
    return {
      label: `${extents(shape)} window ${extents(size)} stride ${extents(strides)} ${padding} ${activation}`,
      model,
      inputs: [[draw.stored(dtype, shape)], [draw.stored(dtype, shape)]],
    };
  });
}

/** AVERAGE_POOL_2D and MAX_POOL_2D. */
export function poolSuites(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite[] {
  return [poolSuite(averagePool2d, dtype, seeds), poolSuite(maxPool2d, dtype, seeds)];
}
