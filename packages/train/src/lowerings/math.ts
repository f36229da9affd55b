import {
  exp,
  log,
  sqrt,
  rsqrt,
  neg,
  square,
  sign,
  floor,
  ceil,
  round,
  sin,
  cos,
  erf,
  lower,
} from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import { TRAIN } from '../lowering.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { unary } from './unary.js';

const same = <A>(op: OpDefinition<A>, run: (tf: TensorFlow, x: TfTensor) => TfTensor) =>
  lower(TRAIN, op, unary<A>(run));

export const mathLowerings = [
  same(exp, (tf, x) => tf.exp(x)),
  same(log, (tf, x) => tf.log(x)),
  same(sqrt, (tf, x) => tf.sqrt(x)),
  same(rsqrt, (tf, x) => tf.rsqrt(x)),
  same(neg, (tf, x) => tf.neg(x)),
  same(square, (tf, x) => tf.square(x)),
  same(sign, (tf, x) => tf.sign(x)),
  same(floor, (tf, x) => tf.floor(x)),
  same(ceil, (tf, x) => tf.ceil(x)),
  same(round, (tf, x) => tf.round(x)),
  same(sin, (tf, x) => tf.sin(x)),
  same(cos, (tf, x) => tf.cos(x)),
  same(erf, (tf, x) => tf.erf(x)),
] as const;
