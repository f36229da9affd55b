import {
  argMax,
  argMin,
  cumsum,
  lower,
  mean,
  reduceMax,
  reduceMin,
  reduceProd,
  reduceSum,
} from '@whittle/core';
import type {
  ArgExtremumAttributes,
  CumsumAttributes,
  ReductionAttributes,
  ReductionOp,
} from '@whittle/core';
import { TRAIN, trainLowering } from '../lowering.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';

type Reduce = (tf: TensorFlow, x: TfTensor, axes: number[], keepDims: boolean) => TfTensor;

function reduction(op: ReductionOp, reduce: Reduce) {
  const lowering = trainLowering<ReductionAttributes>((n, [x], { tf }) =>
    reduce(tf, x, [...n.attributes.axes], n.attributes.keepDims),
  );
  return lower(TRAIN, op, () => lowering);
}

const lowerArgMax = trainLowering<ArgExtremumAttributes>((n, [x], { tf }) => tf.argMax(x, n.attributes.axis));

const lowerArgMin = trainLowering<ArgExtremumAttributes>((n, [x], { tf }) => tf.argMin(x, n.attributes.axis));

/** tfjs's gradient is right along the last axis alone, which is exchanged with the one that is summed along. */
const lowerCumsum = trainLowering<CumsumAttributes>((n, [x], { tf }) => {
  const { axis, exclusive, reverse } = n.attributes;
  const last = x.rank - 1;
  const exchange = x.shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
  return tf.transpose(tf.cumsum(tf.transpose(x, exchange), last, exclusive, reverse), exchange);
});

export const reductionLowerings = [
  reduction(mean, (tf, x, axes, keepDims) => tf.mean(x, axes, keepDims)),
  reduction(reduceMax, (tf, x, axes, keepDims) => tf.max(x, axes, keepDims)),
  reduction(reduceMin, (tf, x, axes, keepDims) => tf.min(x, axes, keepDims)),
  reduction(reduceSum, (tf, x, axes, keepDims) => tf.sum(x, axes, keepDims)),
  reduction(reduceProd, (tf, x, axes, keepDims) => tf.prod(x, axes, keepDims)),
  lower(TRAIN, argMax, () => lowerArgMax),
  lower(TRAIN, argMin, () => lowerArgMin),
  lower(TRAIN, cumsum, () => lowerCumsum),
] as const;
