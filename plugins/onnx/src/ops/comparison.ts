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
import { dtypeOf } from '../values/value.js';
import { broadcastOf } from './broadcast.js';
import type { OpReader, OpReaders } from './op-reader.js';

/** An op of as many operands as its own has, all broadcast. */
const plain =
  (op: OpDefinition<Record<string, never>>): OpReader =>
  (call) =>
    broadcastOf(
      call,
      op,
      {},
      op.operands.map((_, i) => call.operand(i)),
    );

/** Truth values differ where one of the two holds. */
const exclusiveOr: OpReader = (call) => {
  for (const i of [0, 1])
    if (dtypeOf(call.operand(i)) !== 'bool')
      throw call.invalid(`an operand of ${dtypeOf(call.operand(i))}, expected bool`);
  plain(notEqual)(call);
};

export const comparisonReaders: OpReaders = {
  Equal: plain(equal),
  Less: plain(less),
  LessOrEqual: plain(lessEqual),
  Greater: plain(greater),
  GreaterOrEqual: plain(greaterEqual),
  And: plain(logicalAnd),
  Or: plain(logicalOr),
  Xor: exclusiveOr,
  Not: plain(logicalNot),
  Where: plain(where),
};
