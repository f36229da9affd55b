import { interpolation, lower, resizeBilinear } from '@whittle/core';
import type { Interpolation, ResizeAttributes } from '@whittle/core';
import { TRAIN, trainLowering } from '../lowering.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';

/** Rows, then columns: each between two that are gathered. tfjs's own has no gradient for half pixel centres. */
const lowerResizeBilinear = trainLowering<ResizeAttributes>((n, [x], { tf }) =>
  between(tf, between(tf, x, interpolation(n, 0), 1), interpolation(n, 1), 2),
);

function between(
  tf: TensorFlow,
  x: TfTensor,
  { lower: low, upper, fraction }: Interpolation,
  axis: 1 | 2,
): TfTensor {
  const pick = (indices: readonly number[]) => tf.gather(x, tf.tensor1d([...indices], 'int32'), axis);
  const weights = tf.reshape(tf.tensor1d([...fraction]), axis === 1 ? [1, -1, 1, 1] : [1, 1, -1, 1]);
  return tf.add(tf.mul(pick(low), tf.sub(1, weights)), tf.mul(pick(upper), weights));
}

export const resizeLowerings = [lower(TRAIN, resizeBilinear, () => lowerResizeBilinear)] as const;
