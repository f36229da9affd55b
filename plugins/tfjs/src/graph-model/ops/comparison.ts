import {
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  notEqual,
  where,
} from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import type { NodeCall } from '../node-call.js';
import { shapeOf } from '../value.js';
import type { Operand } from '../value.js';
import type { OpReader, OpReaders } from './op-reader.js';

/** An op of as many operands as its own has, broadcast. */
const plain =
  (op: OpDefinition<Record<string, never>>): OpReader =>
  (call) =>
    call.apply(
      op,
      {},
      op.operands.map((_, i) => call.operand(i)),
    );

/** A choice between two values. Where which one is known it is that one, of which the size of the batch may be a part. */
const chosen: OpReader = (call) => {
  const [condition, a, b] = [0, 1, 2].map((i) => call.operand(i));
  const taken = takenBy(condition, a, b);
  return taken ?? call.apply(where, {}, [condition, a, b]);
};

function takenBy(condition: Operand, a: Operand, b: Operand): Operand | undefined {
  if (condition.kind !== 'known' || condition.tensor.shape.length > shapeOf(a).length) return undefined;
  const choices = Array.from(condition.tensor.data as Uint8Array, Boolean);
  const isOne = choices.length > 0 && choices.every((choice) => choice === choices[0]);
  if (!isOne || shapeOf(a).join() !== shapeOf(b).join()) return undefined;
  const fits = condition.tensor.shape.every((dim, i, { length }) => {
    const of = shapeOf(a)[shapeOf(a).length - length + i];
    return dim === 1 || dim === of;
  });
  return fits ? (choices[0] ? a : b) : undefined;
}

/** The older choice, which TensorFlow takes by the first axis and TensorFlow.js by the last. */
const chosenByAxis: OpReader = (call: NodeCall) => {
  const rank = (i: number) => call.rank(call.operand(i));
  if (rank(0) === 1 && rank(1) > 1)
    throw call.unsupported(`a condition of 1 axis for values of ${rank(1)}, which isn't the same everywhere`);
  return chosen(call);
};

export const comparisonReaders: OpReaders = {
  Equal: plain(equal),
  NotEqual: plain(notEqual),
  Less: plain(less),
  LessEqual: plain(lessEqual),
  Greater: plain(greater),
  GreaterEqual: plain(greaterEqual),
  LogicalAnd: plain(logicalAnd),
  LogicalOr: plain(logicalOr),
  LogicalNot: plain(logicalNot),
  Select: chosenByAxis,
  SelectV2: chosen,
};
