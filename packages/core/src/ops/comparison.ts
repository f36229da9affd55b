import { z } from 'zod';
import type { ValueType } from '../model.js';
import { concrete, formatType } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import type { OpDefinition } from '../op.js';
import { sizeOf, tensor } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { broadcastShape, elementwiseTies, forEachBroadcast } from './broadcast.js';
import { sameRows } from './window.js';

/** An element of any type: int64 is compared without loss. */
export type Element = number | bigint;

/** An element-wise op of two operands with broadcasting that says of each pair whether something holds, as bool. */
export interface PredicateOp extends OpDefinition<Record<string, never>> {
  readonly holds: (a: Element, b: Element) => boolean;
}

/** Attributes of an op that has none. */
const none = z.object({}).strict() as z.ZodType<Record<string, never>>;

/** Defines such an op. `takes`: the types that both operands may have, `expected` in words. */
export function definePredicate(
  name: string,
  holds: PredicateOp['holds'],
  takes: (type: ValueType) => boolean,
  expected: string,
): PredicateOp {
  const definition = defineOp<Record<string, never>>({
    name,
    version: 1,
    operands: [{ name: 'a' }, { name: 'b' }],
    attributes: none,
    infer: (n): ValueType[] => {
      const [a, b] = n.inputs;
      expectShape(
        a.dtype === b.dtype && takes(a),
        n,
        () => `operands must be ${expected}, found ${formatType(a)} and ${formatType(b)}`,
      );
      return [{ dtype: 'bool', shape: broadcastShape(n, a.shape, b.shape) }];
    },
    cost: (n) => ({ macs: 0, flops: sizeOf(concrete(n.outputs[0].shape)), activationFlops: 0 }),
    rows: sameRows,
    // What a channel holds isn't what the operand's did: the innermost axis is pinned.
    channels: (n) => ({ ties: elementwiseTies(n).slice(0, -1) }),
    evaluate: (n, [a, b]) => {
      const shape = concrete(broadcastShape(n, a.shape, b.shape));
      const result = tensor('bool', shape);
      forEachBroadcast(shape, a.shape, b.shape, (i, ia, ib) => {
        result.data[i] = holds(a.data[ia], b.data[ib]) ? 1 : 0;
      });
      return [result as Tensor];
    },
  });
  return { ...definition, holds };
}

const anything = () => true;
const number = ({ dtype }: ValueType) => dtype !== 'bool';
const ordered = (name: string, holds: PredicateOp['holds']) =>
  definePredicate(name, holds, number, 'numbers of one type');

/** NaN equals nothing, itself included. */
export const equal = definePredicate('equal', (a, b) => a === b, anything, 'of one type');
export const notEqual = definePredicate('not_equal', (a, b) => a !== b, anything, 'of one type');
/** Of orders none holds for NaN. */
export const less = ordered('less', (a, b) => a < b);
export const lessEqual = ordered('less_equal', (a, b) => a <= b);
export const greater = ordered('greater', (a, b) => a > b);
export const greaterEqual = ordered('greater_equal', (a, b) => a >= b);

export const comparisonOps = [equal, notEqual, less, lessEqual, greater, greaterEqual] as const;
