import { averagePool2d, maxPool2d, mean, reduceMax } from '@whittle/core';
import type { MeanAttributes, OpDefinition, PoolAttributes } from '@whittle/core';
import type { Suite } from '../suite.js';
import { drawActivation } from './convolution.js';
import { perTensor } from './draw.js';
import { extents, opModel, opSuite } from './op-suite.js';
import type { OpCase } from './op-suite.js';

function poolSuite(op: OpDefinition<PoolAttributes>, seeds: readonly number[]): Suite {
  return opSuite(op.name, seeds, (draw): OpCase => {
    const size: [number, number] = [draw.between(1, 5), draw.between(1, 5)];
    const strides: [number, number] = [draw.between(1, 3), draw.between(1, 3)];
    const padding = draw.pick('same', 'valid');
    const least = padding === 'same' ? [1, 1] : size;
    const image = least.map((extent) => extent + draw.between(0, 6));
    const shape = [1, ...image, draw.between(1, 9)];
    const quantization = draw.quantization();
    const activation = drawActivation(draw);
    const model = opModel(op.name, [{ shape, quantization }], (builder, [x]) => {
      const attributes = { size, strides, padding, activation };
      return builder.node('output', op, attributes, [x], { quantization: [quantization] });
    });
    return {
      label: `${extents(shape)} window ${extents(size)} stride ${extents(strides)} ${padding} ${activation}`,
      model,
      inputs: [[draw.int8(shape)], [draw.int8(shape)]],
    };
  });
}

/** AVERAGE_POOL_2D and MAX_POOL_2D. */
export function poolSuites(seeds: readonly number[]): Suite[] {
  return [poolSuite(averagePool2d, seeds), poolSuite(maxPool2d, seeds)];
}

/** MEAN or REDUCE_MAX over rows and columns, or over one axis of a tensor of rank 2 to 4. */
function reductionSuite(
  op: OpDefinition<MeanAttributes>,
  seeds: readonly number[],
  rescales: boolean,
): Suite {
  return opSuite(op.name, seeds, (draw): OpCase => {
    const global = !draw.oneIn(3);
    const shape = global ? [1, draw.between(1, 8), draw.between(1, 8), draw.between(1, 9)] : draw.shape(4, 8);
    const axes: [number, ...number[]] = global ? [1, 2] : [draw.between(1, shape.length - 1)];
    const keepDims = draw.oneIn(2);
    const input = draw.quantization();
    const output = rescales ? perTensor(input.scale[0] * draw.logUniform(1 / 4, 2), draw.zeroPoint()) : input;
    const model = opModel(op.name, [{ shape, quantization: input }], (builder, [x]) =>
      builder.node('output', op, { axes, keepDims }, [x], { quantization: [output] }),
    );
    return {
      label: `${extents(shape)} over axes ${axes.join(' and ')}${keepDims ? ' kept' : ''}`,
      model,
      inputs: [[draw.int8(shape)], [draw.int8(shape)]],
    };
  });
}

/** MEAN and REDUCE_MAX. */
export function reductionSuites(seeds: readonly number[]): Suite[] {
  return [reductionSuite(mean, seeds, true), reductionSuite(reduceMax, seeds, false)];
}
