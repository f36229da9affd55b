import type * as tfjs from '@tensorflow/tfjs';
import { batchNorm, localResponseNorm, logSoftmax, lower, softmax } from '@whittle/core';
import type { BatchNormAttributes, LocalResponseNormAttributes } from '@whittle/core';
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

const lowerLogSoftmax = trainLowering((_, [x], { tf }) => tf.logSoftmax(x));

const lowerLocalResponseNorm = trainLowering<LocalResponseNormAttributes>((n, [x], { tf }) => {
  const { radius, bias, alpha, beta } = n.attributes;
  return tf.localResponseNormalization(x as tfjs.Tensor4D, radius, bias, alpha, beta);
});

export const normalizationLowerings = [
  lower(TRAIN, batchNorm, () => lowerBatchNorm),
  lower(TRAIN, softmax, () => lowerSoftmax),
  lower(TRAIN, logSoftmax, () => lowerLogSoftmax),
  lower(TRAIN, localResponseNorm, () => lowerLocalResponseNorm),
] as const;
