import { z } from 'zod';
import type { Dim, ValueType } from '../model.js';
import { formatShape } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import type { InferView, NodeView } from '../op.js';
import { allocate, sizeOf, tensor } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { axisTie } from './selection.js';

export const gatherAttributes = z.object({ axis: z.number().int().nonnegative() }).strict();
export type GatherAttributes = z.infer<typeof gatherAttributes>;

/**
 * Picks entries of an operand along one axis: where the operand is [A, axis, B], the result is [A, indices, B]. An embedding
 * is a table [entries, features] with axis 0. Operands: input, and indices of int32 or int64, from 0 on, computed or
 * constant; one of them at most has the batch.
 */
export const gather = defineOp<GatherAttributes>({
  name: 'gather',
  version: 1,
  operands: [{ name: 'input' }, { name: 'indices' }],
  attributes: gatherAttributes,
  movesChannels: true,
  infer(n): ValueType[] {
    const [{ dtype, shape }, indices] = n.inputs;
    const { axis } = n.attributes;
    expectShape(axis < shape.length, n, () => `axis ${axis} is beyond shape ${formatShape(shape)}`);
    expectShape(shape[axis] !== 'batch', n, () => `axis ${axis} is the batch, which stays whole`);
    expectShape(
      indices.dtype === 'int32' || indices.dtype === 'int64',
      n,
      () => `indices must be of int32 or int64, found ${indices.dtype}`,
    );
    const batches = [...shape, ...indices.shape].filter((dim) => dim === 'batch').length;
    expectShape(
      batches <= 1,
      n,
      () => 'input and indices both have the batch, and examples would be combined with one another',
    );
    return [{ dtype, shape: gatheredShape(n, shape, indices.shape) }];
  },
  cost: () => ({ macs: 0, flops: 0, activationFlops: 0 }),
  // Picks are no channels: what is picked depends on no weight of theirs.
  channels(n) {
    const { axis } = n.attributes;
    const places = n.inputs[1].shape.length;
    const others = n.inputs[0].shape.map((_, from) => from).filter((from) => from !== axis);
    return { ties: others.map((from) => axisTie(n, from, from < axis ? from : from - 1 + places)) };
  },
  evaluate: (n, [input, indices]) => [gatherTensor(n, input, indices)],
});

function gatheredShape<D extends Dim>(
  n: InferView<GatherAttributes> | NodeView<GatherAttributes>,
  input: readonly D[],
  indices: readonly D[],
): D[] {
  const { axis } = n.attributes;
  return [...input.slice(0, axis), ...indices, ...input.slice(axis + 1)];
}

function gatherTensor(n: InferView<GatherAttributes>, input: Tensor, indices: Tensor): Tensor {
  const { axis } = n.attributes;
  const entries = input.shape[axis];
  const inner = sizeOf(input.shape.slice(axis + 1));
  const outer = sizeOf(input.shape.slice(0, axis));
  const data = allocate(input.dtype, outer * indices.data.length * inner);
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < indices.data.length; i++) {
      const entry = Number(indices.data[i]);
      expectShape(
        entry >= 0 && entry < entries,
        n,
        () => `index ${entry} is not one of ${entries} entries along axis ${axis}`,
      );
      const from = (o * entries + entry) * inner;
      data.set(input.data.subarray(from, from + inner) as never, (o * indices.data.length + i) * inner);
    }
  return tensor(input.dtype, gatheredShape(n, input.shape, indices.shape), data, input.quantization);
}
