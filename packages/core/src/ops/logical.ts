import { z } from 'zod';
import { concrete, formatType } from '../model.js';
import type { ValueType } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import { sizeOf, tensor } from '../tensor.js';
import { elementwiseTies } from './broadcast.js';
import { definePredicate } from './comparison.js';
import type { PredicateOp } from './comparison.js';
import { sameRows } from './window.js';

const isBool = ({ dtype }: ValueType) => dtype === 'bool';
const ofBools = (name: string, holds: PredicateOp['holds']) =>
  definePredicate(name, holds, isBool, 'of bool');

export const logicalAnd = ofBools('logical_and', (a, b) => a === 1 && b === 1);
export const logicalOr = ofBools('logical_or', (a, b) => a === 1 || b === 1);

/** Whether an operand of bool doesn't hold. */
export const logicalNot = defineOp({
  name: 'logical_not',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: z.object({}).strict() as z.ZodType<Record<string, never>>,
  infer: (n): ValueType[] => {
    const [type] = n.inputs;
    expectShape(isBool(type), n, () => `the operand must be of bool, found ${formatType(type)}`);
    return [{ dtype: 'bool', shape: type.shape }];
  },
  cost: (n) => ({ macs: 0, flops: sizeOf(concrete(n.outputs[0].shape)), activationFlops: 0 }),
  rows: sameRows,
  channels: (n) => ({ ties: elementwiseTies(n).slice(0, -1) }),
  evaluate: (_, [{ shape, data }]) => [
    tensor(
      'bool',
      shape,
      Uint8Array.from(data as Uint8Array, (x) => 1 - x),
    ),
  ],
});

export const logicalOps = [logicalAnd, logicalOr, logicalNot] as const;
