import { batchMatmul, lower } from '@whittle/core';
import type { BatchMatmulAttributes } from '@whittle/core';
import { TRAIN, trainLowering } from '../lowering.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';

/** tfjs's gradient of a matrix product doesn't sum over axes that were broadcast: they are spread out before. */
const lowerBatchMatmul = trainLowering<BatchMatmulAttributes>((n, [a, b], { tf }) => {
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const { transposeA, transposeB } = n.attributes;
  return tf.matMul(spread(tf, a, batch), spread(tf, b, batch), transposeA, transposeB);
});

function spread(tf: TensorFlow, x: TfTensor, batch: readonly number[]): TfTensor {
  const shape = [...batch, ...x.shape.slice(-2)];
  return tf.util.arraysEqual(x.shape, shape) ? x : tf.add(x, tf.zeros(shape));
}

export const matmulLowerings = [lower(TRAIN, batchMatmul, () => lowerBatchMatmul)] as const;
