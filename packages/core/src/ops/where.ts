import { z } from 'zod';
import { concrete, formatType } from '../model.js';
import type { Dim, ValueType } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import { allocate, sizeOf, tensor } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { broadcastShape, elementwiseTies, forEachBroadcast } from './broadcast.js';
import { sameRows } from './window.js';

/**
 * Elements of `a` where the condition holds, else of `b`, the three being broadcast. Operands: condition of bool, a, b of any
 * one type. Both are computed in any case; what isn't picked leaves no trace, NaN neither.
 */
export const where = defineOp({
  name: 'where',
  version: 1,
  operands: [{ name: 'condition' }, { name: 'a' }, { name: 'b' }],
  attributes: z.object({}).strict() as z.ZodType<Record<string, never>>,
  infer: (n): ValueType[] => {
    const [condition, a, b] = n.inputs;
    expectShape(
      condition.dtype === 'bool',
      n,
      () => `the condition must be of bool, found ${formatType(condition)}`,
    );
    expectShape(a.dtype === b.dtype, n, () => `a and b must have one dtype, found ${a.dtype} and ${b.dtype}`);
    return [{ dtype: a.dtype, shape: pickedShape(n, condition.shape, a.shape, b.shape) }];
  },
  cost: (n) => ({ macs: 0, flops: sizeOf(concrete(n.outputs[0].shape)), activationFlops: 0 }),
  rows: sameRows,
  // What a removed channel holds depends on the condition: the innermost axis is pinned.
  channels: (n) => ({ ties: elementwiseTies(n).slice(0, -1) }),
  evaluate: (n, [condition, a, b]) => [pick(n, condition, a, b)],
});

function pickedShape(
  n: { readonly name: string },
  condition: readonly Dim[],
  a: readonly Dim[],
  b: readonly Dim[],
): Dim[] {
  return broadcastShape(n, condition, broadcastShape(n, a, b));
}

function pick(n: { readonly name: string }, condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const shape = concrete(pickedShape(n, condition.shape, a.shape, b.shape));
  const data = allocate(a.dtype, sizeOf(shape));
  forEachBroadcast(shape, condition.shape, a.shape, (i, at, from) => {
    if (condition.data[at]) data[i] = a.data[from];
  });
  forEachBroadcast(shape, condition.shape, b.shape, (i, at, from) => {
    if (!condition.data[at]) data[i] = b.data[from];
  });
  return tensor(a.dtype, shape, data, a.quantization);
}
