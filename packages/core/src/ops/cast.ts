import { z } from 'zod';
import { defineOp } from '../op.js';
import { allocate, tensor } from '../tensor.js';
import type { DType, Tensor } from '../tensor.js';
import { elementwiseTies } from './broadcast.js';

export const castAttributes = z
  .object({ dtype: z.enum(['float32', 'int8', 'uint8', 'int16', 'int32', 'int64', 'bool']) })
  .strict();
export type CastAttributes = z.infer<typeof castAttributes>;

/**
 * The same numbers in another type. What integers can't hold is undefined beyond fractions, which are cut off; bool is
 * whether a number isn't 0.
 */
export const cast = defineOp<CastAttributes>({
  name: 'cast',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: castAttributes,
  infer: (n) => [{ dtype: n.attributes.dtype, shape: n.inputs[0].shape }],
  cost: () => ({ macs: 0, flops: 0, activationFlops: 0 }),
  // What a channel holds may change: the innermost axis is pinned.
  channels: (n) => ({ ties: elementwiseTies(n).slice(0, -1) }),
  evaluate: (n, [input]) => [castTensor(input, n.attributes.dtype)],
});

function castTensor(input: Tensor, dtype: DType): Tensor {
  const data = allocate(dtype, input.data.length);
  for (let i = 0; i < data.length; i++) {
    const value = Number(input.data[i]);
    if (dtype === 'bool') data[i] = value === 0 ? 0 : 1;
    else if (dtype === 'int64') data[i] = Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
    else data[i] = value;
  }
  return tensor(dtype, input.shape, data);
}
