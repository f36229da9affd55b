import { dense, lower } from '@whittle/core';
import type { FusedActivation } from '@whittle/core';
import { biasAdd } from '../kernels/bias-add.js';
import { TRAIN, trainLowering } from '../lowering.js';
import { clamp } from './clamp.js';

const lowerDense = trainLowering<{ activation: FusedActivation }>((n, [x, weight, bias], { tf }) => {
  const [from, to] = weight.shape;
  const rows = x.rank === 2 ? x : tf.reshape(x, [-1, from]);
  const product = tf.matMul(rows, weight);
  const result = clamp(tf, bias ? biasAdd(tf, product, bias) : product, n.attributes.activation);
  return x.rank === 2 ? result : tf.reshape(result, [...x.shape.slice(0, -1), to]);
});

export const denseLowerings = [lower(TRAIN, dense, () => lowerDense)] as const;
