import { averagePool2d, maxPool2d, mean, reduceMax } from '@whittle/core';
import type { MeanAttributes, OpDefinition, PoolAttributes } from '@whittle/core';
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

/** MEAN or REDUCE_MAX over rows and columns, or over one axis of a tensor of rank 2 to 4. */
function reductionSuite(
  op: OpDefinition<MeanAttributes>,
  dtype: ActivationDType,
  seeds: readonly number[],
  rescales: boolean,
): Suite {
  return opSuite(suiteName(op.name, dtype), seeds, (draw): OpCase => {
    const global = !draw.oneIn(3);
    const shape = global ? [1, draw.between(1, 8), draw.between(1, 8), draw.between(1, 9)] : draw.shape(4, 8);
    const axes: [number, ...number[]] = global ? [1, 2] : [draw.between(1, shape.length - 1)];
    const keepDims = draw.oneIn(2);
    const input = draw.activation(dtype);
    const output = rescales ? draw.scaled(input.scale[0] * draw.logUniform(1 / 4, 2), dtype) : input;
    const model = opModel(op.name, [{ shape, quantization: input, dtype }], (builder, [x]) =>
      builder.node('output', op, { axes, keepDims }, [x], { quantization: [output] }),
    );
    return {
      label: `${extents(shape)} over axes ${axes.join(' and ')}${keepDims ? ' kept' : ''}`,
      model,
      inputs: [[draw.stored(dtype, shape)], [draw.stored(dtype, shape)]],
    };
  });
}

/** MEAN, and of int8 REDUCE_MAX. */
export function reductionSuites(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite[] {
  const means = reductionSuite(mean, dtype, seeds, true);
  return dtype === 'int8' ? [means, reductionSuite(reduceMax, dtype, seeds, false)] : [means];
}
