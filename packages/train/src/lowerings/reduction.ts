import { lower, mean, reduceMax, reduceMin, reduceProd, reduceSum } from '@whittle/core';
import type { ReductionAttributes, ReductionOp } from '@whittle/core';
import { TRAIN, trainLowering } from '../lowering.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';

type Reduce = (tf: TensorFlow, x: TfTensor, axes: number[], keepDims: boolean) => TfTensor;

function reduction(op: ReductionOp, reduce: Reduce) {
  const lowering = trainLowering<ReductionAttributes>((n, [x], { tf }) =>
    reduce(tf, x, [...n.attributes.axes], n.attributes.keepDims),
  );
  return lower(TRAIN, op, () => lowering);
}

export const reductionLowerings = [
  reduction(mean, (tf, x, axes, keepDims) => tf.mean(x, axes, keepDims)),
  reduction(reduceMax, (tf, x, axes, keepDims) => tf.max(x, axes, keepDims)),
  reduction(reduceMin, (tf, x, axes, keepDims) => tf.min(x, axes, keepDims)),
  reduction(reduceSum, (tf, x, axes, keepDims) => tf.sum(x, axes, keepDims)),
  reduction(reduceProd, (tf, x, axes, keepDims) => tf.prod(x, axes, keepDims)),
] as const;
