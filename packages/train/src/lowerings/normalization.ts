import { batchNorm, lower, softmax } from '@whittle/core';
import type { BatchNormAttributes } from '@whittle/core';
import { applyBatchNorm, trainBatchNorm } from '../kernels/batch-norm.js';
import { TRAIN, trainLowering } from '../lowering.js';

const lowerBatchNorm = trainLowering<BatchNormAttributes>((n, [x, scale, offset, mean, variance], scope) => {
  const { tf, mode } = scope;
  const { epsilon } = n.attributes;
  const operands = { x, scale, offset, mean, variance };
  if (mode === 'inference') return applyBatchNorm(tf, operands, epsilon);
  const result = trainBatchNorm(tf, operands, epsilon, scope.statisticsMomentum);
  scope.setStatistic(n.inputIds[3], result.mean);
  scope.setStatistic(n.inputIds[4], result.variance);
  return result.y;
});

const lowerSoftmax = trainLowering<{ beta: number }>((n, [x], { tf }) => {
  const { beta } = n.attributes;
  return tf.softmax(beta === 1 ? x : tf.mul(x, beta));
});

export const normalizationLowerings = [
  lower(TRAIN, batchNorm, () => lowerBatchNorm),
  lower(TRAIN, softmax, () => lowerSoftmax),
] as const;
