import { z } from 'zod';
import type { ValueType } from '../model.js';
import { concrete } from '../model.js';
import { defineOp } from '../op.js';
import type { InferView, OpDefinition } from '../op.js';
import { allocate, sizeOf, tensor } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { axisTie, fixedAxis } from './selection.js';

export const argExtremumAttributes = z
  .object({ axis: z.number().int().positive(), dtype: z.enum(['int32', 'int64']) })
  .strict();
export type ArgExtremumAttributes = z.infer<typeof argExtremumAttributes>;

function defineArgExtremum(
  name: string,
  better: (a: number, b: number) => boolean,
): OpDefinition<ArgExtremumAttributes> {
  return defineOp<ArgExtremumAttributes>({
    name,
    version: 1,
    operands: [{ name: 'input' }],
    attributes: argExtremumAttributes,
    infer(n): ValueType[] {
      const { axis, dtype } = n.attributes;
      fixedAxis(n, axis);
      return [{ dtype, shape: n.inputs[0].shape.filter((_, i) => i !== axis) }];
    },
    cost: (n) => ({ macs: 0, flops: 0, activationFlops: sizeOf(concrete(n.inputs[0].shape)) }),
    // Of the innermost axis only what is computed is known: it isn't what the channels hold.
    channels(n) {
      const { axis } = n.attributes;
      const outer = n.inputs[0].shape.slice(0, -1);
      return {
        ties: outer.flatMap((_, i) => (i === axis ? [] : [axisTie(n, i, i < axis ? i : i - 1)])),
      };
    },
    evaluate: (n, [input]) => [argExtremum(n, input, better)],
  });
}

function argExtremum(
  n: InferView<ArgExtremumAttributes>,
  input: Tensor,
  better: (a: number, b: number) => boolean,
): Tensor {
  const { axis, dtype } = n.attributes;
  const inner = sizeOf(input.shape.slice(axis + 1));
  const shape = input.shape.filter((_, i) => i !== axis);
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) {
    const start = Math.floor(i / inner) * inner * input.shape[axis] + (i % inner);
    let best = 0;
    for (let at = 1; at < input.shape[axis]; at++)
      if (better(Number(input.data[start + at * inner]), Number(input.data[start + best * inner]))) best = at;
    data[i] = dtype === 'int64' ? BigInt(best) : best;
  }
  return tensor(dtype, shape, data);
}

/** The index of the largest element along an axis, the first one of several; the axis is gone. */
export const argMax = defineArgExtremum('arg_max', (a, b) => a > b);

/** The index of the smallest element along an axis, the first one of several; the axis is gone. */
export const argMin = defineArgExtremum('arg_min', (a, b) => a < b);
