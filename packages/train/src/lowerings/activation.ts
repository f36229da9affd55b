import {
  abs,
  elu,
  hardSwish,
  leakyRelu,
  lower,
  prelu,
  relu,
  relu0To1,
  relu6,
  reluN1To1,
  sigmoid,
  softplus,
  swish,
  tanh,
} from '@whittle/core';
import { fusedActivation } from '../kernels/activations.js';
import { TRAIN, trainLowering } from '../lowering.js';
import { unary } from './unary.js';

const lowerPrelu = trainLowering((_, [x, alpha], { tf }) =>
  tf.sub(fusedActivation(tf, 'relu', x), tf.mul(alpha, fusedActivation(tf, 'relu', tf.neg(x)))),
);

export const activationLowerings = [
  lower(
    TRAIN,
    relu,
    unary((tf, x) => fusedActivation(tf, 'relu', x)),
  ),
  lower(
    TRAIN,
    relu6,
    unary((tf, x) => fusedActivation(tf, 'relu6', x)),
  ),
  lower(
    TRAIN,
    reluN1To1,
    unary((tf, x) => tf.clipByValue(x, -1, 1)),
  ),
  lower(
    TRAIN,
    relu0To1,
    unary((tf, x) => tf.clipByValue(x, 0, 1)),
  ),
  lower(
    TRAIN,
    leakyRelu,
    unary<{ alpha: number }>((tf, x, { alpha }) => tf.leakyRelu(x, alpha)),
  ),
  lower(
    TRAIN,
    elu,
    unary((tf, x) => fusedActivation(tf, 'elu', x)),
  ),
  lower(
    TRAIN,
    sigmoid,
    unary((tf, x) => fusedActivation(tf, 'sigmoid', x)),
  ),
  lower(
    TRAIN,
    tanh,
    unary((tf, x) => fusedActivation(tf, 'tanh', x)),
  ),
  lower(
    TRAIN,
    swish,
    unary((tf, x) => tf.mul(x, fusedActivation(tf, 'sigmoid', x))),
  ),
  lower(
    TRAIN,
    hardSwish,
    unary((tf, x) => tf.mul(x, tf.mul(fusedActivation(tf, 'relu6', tf.add(x, 3)), 1 / 6))),
  ),
  lower(
    TRAIN,
    softplus,
    unary((tf, x) => tf.softplus(x)),
  ),
  lower(TRAIN, prelu, () => lowerPrelu),
  lower(
    TRAIN,
    abs,
    unary((tf, x) => tf.abs(x)),
  ),
] as const;
