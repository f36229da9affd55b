import { add, div, floorMod, lower, maximum, minimum, mul, pow, sub } from '@whittle/core';
import type { BinaryAttributes } from '@whittle/core';
import { TRAIN, trainLowering } from '../lowering.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { clamp } from './clamp.js';

type Combine = (tf: TensorFlow, a: TfTensor, b: TfTensor) => TfTensor;

function binary(combine: Combine) {
  const lowering = trainLowering<BinaryAttributes>((n, [a, b], { tf }) =>
    clamp(tf, combine(tf, a, b), n.attributes.activation),
  );
  return () => lowering;
}

/** tfjs's gradients of maximum and minimum have the result's shape even where an operand was broadcast. */
function alike(combine: Combine): Combine {
  return (tf, a, b) => {
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const spread = (x: TfTensor) => (tf.util.arraysEqual(x.shape, shape) ? x : tf.add(x, tf.zeros(shape)));
    return combine(tf, spread(a), spread(b));
  };
}

export const elementwiseLowerings = [
  lower(
    TRAIN,
    add,
    binary((tf, a, b) => tf.add(a, b)),
  ),
  lower(
    TRAIN,
    sub,
    binary((tf, a, b) => tf.sub(a, b)),
  ),
  lower(
    TRAIN,
    mul,
    binary((tf, a, b) => tf.mul(a, b)),
  ),
  lower(
    TRAIN,
    div,
    binary((tf, a, b) => tf.div(a, b)),
  ),
  lower(
    TRAIN,
    pow,
    binary((tf, a, b) => tf.pow(a, b)),
  ),
  lower(
    TRAIN,
    floorMod,
    binary((tf, a, b) => tf.mod(a, b)),
  ),
  lower(TRAIN, maximum, binary(alike((tf, a, b) => tf.maximum(a, b)))),
  lower(TRAIN, minimum, binary(alike((tf, a, b) => tf.minimum(a, b)))),
] as const;
