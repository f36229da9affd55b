import { z } from 'zod';
import type { ValueType } from '../model.js';
import { concrete } from '../model.js';
import { defineOp } from '../op.js';
import type { InferView } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { axisTie, fixedAxis } from './selection.js';

export const cumsumAttributes = z
  .object({ axis: z.number().int().positive(), exclusive: z.boolean(), reverse: z.boolean() })
  .strict();
export type CumsumAttributes = z.infer<typeof cumsumAttributes>;

/** Sums of all elements up to each one along an axis, `exclusive`: without itself; `reverse`: from the end. */
export const cumsum = defineOp<CumsumAttributes>({
  name: 'cumsum',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: cumsumAttributes,
  infer(n): ValueType[] {
    fixedAxis(n, n.attributes.axis);
    return [{ dtype: n.inputs[0].dtype, shape: n.inputs[0].shape }];
  },
  cost: (n) => ({ macs: 0, flops: 0, activationFlops: sizeOf(concrete(n.inputs[0].shape)) }),
  // A channel that holds a constant doesn't hold it any more: the innermost axis is pinned.
  channels(n) {
    const outer = n.inputs[0].shape.slice(0, -1);
    return { ties: outer.flatMap((_, axis) => (axis === n.attributes.axis ? [] : [axisTie(n, axis)])) };
  },
  evaluate: (n, [input]) => [accumulate(n, input)],
});

function accumulate(n: InferView<CumsumAttributes>, input: Tensor): Tensor {
  const { axis, exclusive, reverse } = n.attributes;
  const extent = input.shape[axis];
  const inner = sizeOf(input.shape.slice(axis + 1));
  const data = new Float32Array(input.data.length);
  for (let line = 0; line < data.length / extent; line++) {
    const start = Math.floor(line / inner) * inner * extent + (line % inner);
    let sum = 0;
    for (let step = 0; step < extent; step++) {
      const at = start + (reverse ? extent - 1 - step : step) * inner;
      const after = sum + Number(input.data[at]);
      data[at] = exclusive ? sum : after;
      sum = after;
    }
  }
  return float32(input.shape, data);
}
