import * as core from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import { TRAIN, trainLowering } from '../lowering.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';

type Plain = OpDefinition<Record<string, never>>;

/** An op whose result doesn't change with small changes of its operands: its gradient is 0. */
function steps(op: Plain, apply: (tf: TensorFlow, ...operands: readonly TfTensor[]) => TfTensor) {
  const lowering = trainLowering((_, inputs, { tf }) => {
    const flat = tf.customGrad((...operands) => {
      const given = operands.slice(0, inputs.length) as TfTensor[];
      return {
        value: apply(tf, ...given),
        gradFunc: () => given.map((operand) => tf.zeros(operand.shape)),
      };
    });
    return flat(...inputs);
  });
  return core.lower(TRAIN, op, () => lowering);
}

/** A choice passes on the gradient of what it picks. */
export const comparisonLowerings = [
  steps(core.equal, (tf, a, b) => tf.equal(a, b)),
  steps(core.notEqual, (tf, a, b) => tf.notEqual(a, b)),
  steps(core.less, (tf, a, b) => tf.less(a, b)),
  steps(core.lessEqual, (tf, a, b) => tf.lessEqual(a, b)),
  steps(core.greater, (tf, a, b) => tf.greater(a, b)),
  steps(core.greaterEqual, (tf, a, b) => tf.greaterEqual(a, b)),
  steps(core.logicalAnd, (tf, a, b) => tf.logicalAnd(a, b)),
  steps(core.logicalOr, (tf, a, b) => tf.logicalOr(a, b)),
  steps(core.logicalNot, (tf, x) => tf.logicalNot(x)),
  core.lower(TRAIN, core.where, () =>
    trainLowering((_, [condition, a, b], { tf }) => tf.where(condition, a, b)),
  ),
] as const;
