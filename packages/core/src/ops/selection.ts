import type { z } from 'zod';
import type { ValueType } from '../model.js';
import { concrete } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import type { InferView, NodeView, OpDefinition, Span } from '../op.js';
import { allocate, stridesOf, tensor } from '../tensor.js';
import type { Tensor } from '../tensor.js';

/** For each axis which index of the operand every index of the result has; undefined where the axis stays as it is. */
export type AxisIndices = readonly (readonly number[] | undefined)[];

/** An op that picks elements of one operand, axis by axis: slices, mirrored margins, enlargement without arithmetic. */
export interface SelectionOp<A = object> extends OpDefinition<A> {
  readonly indices: (n: InferView<A>) => AxisIndices;
}

/** Whether an op picks elements of one operand, axis by axis. */
export function isSelectionOp(op: OpDefinition): op is SelectionOp {
  return 'indices' in op;
}

/** Defines such an op. `indices` checks attributes against the operand's shape, and leaves the batch as it is. */
export function defineSelection<A extends object>(
  name: string,
  attributes: z.ZodType<A>,
  indices: (n: InferView<A>) => AxisIndices,
): SelectionOp<A> {
  const definition = defineOp<A>({
    name,
    version: 1,
    operands: [{ name: 'input' }],
    attributes,
    movesChannels: true,
    infer(n): ValueType[] {
      const { dtype, shape } = n.inputs[0];
      const picked = indices(n);
      return [{ dtype, shape: shape.map((dim, axis) => picked[axis]?.length ?? dim) }];
    },
    cost: () => ({ macs: 0, flops: 0, activationFlops: 0 }),
    channels(n) {
      const picked = indices(n);
      const kept = n.inputs[0].shape.map((_, axis) => axis).filter((axis) => !picked[axis]);
      return { ties: kept.map((axis) => axisTie(n, axis)) };
    },
    evaluate: (n, [input]) => [select(input, indices({ ...n, inputs: [input] }))],
  });
  return { ...definition, indices };
}

/** The tie of an axis of the operand with one of the result, the same unless told. */
export function axisTie(n: NodeView<unknown>, axis: number, to = axis): Span[] {
  const count = concrete(n.inputs[0].shape)[axis];
  return [
    { value: n.inputIds[0], axis, count },
    { value: n.outputIds[0], axis: to, count },
  ];
}

/** The elements of a tensor that the indices pick. */
export function select(input: Tensor, indices: AxisIndices): Tensor {
  const shape = input.shape.map((dim, axis) => indices[axis]?.length ?? dim);
  const sources = selectedElements(input.shape, indices);
  const data = allocate(input.dtype, sources.length);
  for (let i = 0; i < sources.length; i++) data[i] = input.data[sources[i]];
  return tensor(input.dtype, shape, data, input.quantization);
}

/** Where each element of the result lies in the operand, both row-major. */
export function selectedElements(shape: readonly number[], indices: AxisIndices): Int32Array {
  const strides = stridesOf(shape);
  const offsets = shape.map((dim, axis) =>
    Array.from({ length: indices[axis]?.length ?? dim }, (_, i) => (indices[axis]?.[i] ?? i) * strides[axis]),
  );
  let sources = Int32Array.of(0);
  for (const axis of offsets) {
    const wider = new Int32Array(sources.length * axis.length);
    sources.forEach((from, i) => axis.forEach((offset, j) => (wider[i * axis.length + j] = from + offset)));
    sources = wider;
  }
  return sources;
}

/** An axis that may be cut, repeated or moved. @throws SHAPE_MISMATCH where there is none, or it is the batch */
export function fixedAxis(n: InferView<unknown>, axis: number): number {
  const { shape } = n.inputs[0];
  expectShape(
    axis >= 0 && axis < shape.length,
    n,
    () => `axis ${axis} is beyond shape [${shape.join(', ')}]`,
  );
  const dim = shape[axis];
  expectShape(dim !== 'batch', n, () => `axis ${axis} is the batch, which stays whole`);
  return dim;
}
