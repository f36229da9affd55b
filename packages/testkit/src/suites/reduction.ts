import { argMax, argMin, cumsum, mean, reduceMax, reduceMin, reduceSum } from '@whittle/core';
import type { OpDefinition, ReductionAttributes } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import { perTensor } from './draw.js';
import { extents, opModel, opSuite, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** A reduction over rows and columns, or over one axis of a tensor of rank 2 to 4. */
function reductionSuite(
  op: OpDefinition<ReductionAttributes>,
  dtype: ActivationDType,
  seeds: readonly number[],
  /** How far the output's scale may be from the input's, both ends; none where the kernel doesn't rescale. */
  gains?: readonly [number, number],
): Suite {
  return opSuite(suiteName(op.name, dtype), seeds, (draw): OpCase => {
    const global = !draw.oneIn(3);
    const shape = global ? [1, draw.between(1, 8), draw.between(1, 8), draw.between(1, 9)] : draw.shape(4, 8);
    const axes: [number, ...number[]] = global ? [1, 2] : [draw.between(1, shape.length - 1)];
    const keepDims = draw.oneIn(2);
    const input = draw.activation(dtype);
    const output = gains ? draw.scaled(input.scale[0] * draw.logUniform(...gains), dtype) : input;
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

/** MEAN and SUM, and of int8 REDUCE_MAX and REDUCE_MIN. */
export function reductionSuites(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite[] {
  const rescaling = [
    reductionSuite(mean, dtype, seeds, [1 / 4, 2]),
    reductionSuite(reduceSum, dtype, seeds, [1 / 2, 64]),
  ];
  if (dtype === 'int16') return rescaling;
  return [...rescaling, reductionSuite(reduceMax, dtype, seeds), reductionSuite(reduceMin, dtype, seeds)];
}

/** ARG_MAX and ARG_MIN of int8 along any axis but the first; some with equal elements. */
export function argExtremumSuites(seeds: readonly number[]): Suite[] {
  return [argMax, argMin].map((op) =>
    opSuite(op.name, seeds, (draw): OpCase => {
      const shape = draw.shape(4, 8);
      const axis = draw.between(1, shape.length - 1);
      const quantization = draw.quantization();
      const model = opModel(op.name, [{ shape, quantization }], (builder, [x]) =>
        builder.node('output', op, { axis, dtype: 'int32' }, [x]),
      );
      return {
        label: `${extents(shape)} along axis ${axis}`,
        model,
        inputs: [1, 2, 3].map(() => [draw.int8(shape)]),
      };
    }),
  );
}

/** CUMSUM of int8 along any axis but the first. */
export function cumsumSuite(seeds: readonly number[]): Suite {
  return opSuite('cumsum', seeds, (draw): OpCase => {
    const shape = draw.shape(4, 8);
    const axis = draw.between(1, shape.length - 1);
    shape[axis] = draw.between(1, 31);
    const [exclusive, reverse] = [draw.oneIn(2), draw.oneIn(2)];
    const input = perTensor(draw.scale(), 0);
    const output = draw.scaled(input.scale[0] * draw.logUniform(1 / 2, 64), 'int8');
    const model = opModel('cumsum', [{ shape, quantization: input }], (builder, [x]) =>
      builder.node('output', cumsum, { axis, exclusive, reverse }, [x], { quantization: [output] }),
    );
    const how = `${exclusive ? ' exclusive' : ''}${reverse ? ' reverse' : ''}`;
    return {
      label: `${extents(shape)} along axis ${axis}${how}`,
      model,
      inputs: [[draw.int8(shape)], [draw.int8(shape)]],
    };
  });
}
