import { z } from 'zod';
import type { Dim, ValueType } from '../model.js';
import { concrete, formatShape } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import type { Channels, InferView, NodeView, Span } from '../op.js';
import { allocate, sizeOf, stridesOf, tensor } from '../tensor.js';
import type { Tensor } from '../tensor.js';

const free = { macs: 0, flops: 0, activationFlops: 0 };
const dim = z.union([z.number().int().positive(), z.literal('batch')]);

/** Elements of a shape beside the batch. */
function volume(shape: readonly Dim[]): number {
  return sizeOf(concrete(shape));
}

/** Axes that are the batch; a reshape leaves the batch where it is, or examples would mix. */
function batchAxes(shape: readonly Dim[]): number[] {
  return shape.flatMap((d, axis) => (d === 'batch' ? [axis] : []));
}

/** Brings [N, ...] to [N, product of the rest]. */
export const flatten = defineOp({
  name: 'flatten',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: z.object({}).strict(),
  infer(n): ValueType[] {
    const { dtype, shape } = n.inputs[0];
    expectShape(shape.length >= 2, n, () => `input must have rank 2 or more, found ${formatShape(shape)}`);
    return [{ dtype, shape: [shape[0], volume(shape.slice(1))] }];
  },
  cost: () => free,
  channels(n) {
    const [input] = n.inputs;
    const last = input.shape.length - 1;
    const count = concrete(input.shape)[last];
    const tile = volume(input.shape.slice(1, last));
    return {
      ties: [
        [
          { value: n.inputIds[0], axis: last, count },
          { value: n.outputIds[0], axis: 1, count, tile },
        ],
      ],
    };
  },
  evaluate: (_, [input]) => [withShape(input, [input.shape[0], sizeOf(input.shape.slice(1))])],
});

/** Gives the elements another shape, row-major. */
export const reshape = defineOp({
  name: 'reshape',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: z.object({ shape: z.array(dim) }).strict(),
  infer(n): ValueType[] {
    const { dtype, shape } = n.inputs[0];
    const wanted = n.attributes.shape;
    const sameBatch = batchAxes(shape).join() === batchAxes(wanted).join();
    expectShape(
      sameBatch && volume(shape) === volume(wanted),
      n,
      () => `${formatShape(shape)} doesn't reshape to ${formatShape(wanted)}`,
    );
    return [{ dtype, shape: wanted }];
  },
  cost: () => free,
  channels: (n) => reshapeChannels(n),
  resize: (n) => ({ shape: [...n.outputs[0].shape] }),
  evaluate: (n, [input]) => {
    const batch = n.attributes.shape.includes('batch') ? sizeOf(input.shape) / volume(n.attributes.shape) : 1;
    return [withShape(input, concrete(n.attributes.shape, batch))];
  },
});

/** Axes of a shape, and those of another one that hold the same elements in the same order. */
export interface ReshapeSegment {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** The smallest parts of two shapes of one volume that hold the same elements, in order. */
export function reshapeSegments(from: readonly number[], to: readonly number[]): ReshapeSegment[] {
  const segments: { from: number[]; to: number[] }[] = [];
  let [i, j] = [0, 0];
  while (i < from.length && j < to.length) {
    const segment = { from: [i], to: [j] };
    let [x, y] = [from[i++], to[j++]];
    while (x !== y)
      if (x < y) {
        segment.from.push(i);
        x *= from[i++];
      } else {
        segment.to.push(j);
        y *= to[j++];
      }
    segments.push(segment);
  }
  // Extents of 1 that are left.
  for (; i < from.length; i++) segments.at(-1)?.from.push(i);
  for (; j < to.length; j++) segments.at(-1)?.to.push(j);
  return segments;
}

/** Axes that stay whole are the same; of those that are cut, or put together, one goes on. */
function reshapeChannels(n: NodeView<unknown>): Channels {
  const from = concrete(n.inputs[0].shape);
  const to = concrete(n.outputs[0].shape);
  const ties: Span[][] = [];
  const choices: Span[][][] = [];
  for (const segment of reshapeSegments(from, to)) {
    const [a, b] = [segment.from.filter((axis) => from[axis] > 1), segment.to.filter((axis) => to[axis] > 1)];
    const whole = (axis: number, shape: readonly number[]) => ({ axis, count: shape[axis] });
    const input = (span: Omit<Span, 'value'>): Span => ({ value: n.inputIds[0], ...span });
    const output = (span: Omit<Span, 'value'>): Span => ({ value: n.outputIds[0], ...span });
    if (a.length === 0)
      for (const [axis, other] of zip(segment.from, segment.to))
        ties.push([input({ axis, count: 1 }), output({ axis: other, count: 1 })]);
    else if (a.length === 1 && b.length === 1) ties.push([input(whole(a[0], from)), output(whole(b[0], to))]);
    else if (a.length === 1)
      choices.push(b.map((axis) => [input({ axis: a[0], ...partOf(axis, b, to) }), output(whole(axis, to))]));
    else if (b.length === 1)
      choices.push(
        a.map((axis) => [input(whole(axis, from)), output({ axis: b[0], ...partOf(axis, a, from) })]),
      );
    else if (from[a.at(-1)!] === to[b.at(-1)!])
      ties.push([input(whole(a.at(-1)!, from)), output(whole(b.at(-1)!, to))]);
  }
  return { ties, choices };
}

function zip(a: readonly number[], b: readonly number[]): [number, number][] {
  return a.slice(0, b.length).map((axis, i) => [axis, b[i]]);
}

/** Where the indices of one of several axes lie when they are put together: atoms of a span. */
function partOf(axis: number, axes: readonly number[], shape: readonly number[]) {
  const at = axes.indexOf(axis);
  const each = sizeOf(axes.slice(at + 1).map((other) => shape[other]));
  const tile = sizeOf(axes.slice(0, at).map((other) => shape[other]));
  return { count: shape[axis], each, tile };
}

function withShape(value: Tensor, shape: readonly number[]): Tensor {
  return tensor(value.dtype, shape, value.data, value.quantization);
}

/** Joins tensors along one axis. */
export const concat = defineOp({
  name: 'concat',
  version: 1,
  operands: [{ name: 'input', variadic: true }],
  attributes: z.object({ axis: z.number().int().positive() }).strict(),
  movesChannels: true,
  infer(n): ValueType[] {
    const { axis } = n.attributes;
    const [first] = n.inputs;
    expectShape(
      axis < first.shape.length,
      n,
      () => `axis ${axis} is beyond shape ${formatShape(first.shape)}`,
    );
    let total = 0;
    for (const input of n.inputs) {
      const fits =
        input.dtype === first.dtype &&
        input.shape.length === first.shape.length &&
        input.shape.every((d, i) => i === axis || d === first.shape[i]);
      expectShape(
        fits,
        n,
        () =>
          `operands must agree but for axis ${axis}: ${formatShape(first.shape)} and ${formatShape(input.shape)}`,
      );
      total += concrete(input.shape)[axis];
    }
    return [{ dtype: first.dtype, shape: first.shape.map((d, i) => (i === axis ? total : d)) }];
  },
  cost: () => free,
  channels(n) {
    const { axis } = n.attributes;
    const output = n.outputs[0].shape;
    const ties: Span[][] = [];
    output.forEach((d, i) => {
      if (i !== axis) {
        const count = d === 'batch' ? 1 : d;
        ties.push([...new Set([...n.inputIds, n.outputIds[0]])].map((value) => ({ value, axis: i, count })));
      }
    });
    let start = 0;
    n.inputs.forEach((input, i) => {
      const count = concrete(input.shape)[axis];
      ties.push([
        { value: n.inputIds[i], axis, count },
        { value: n.outputIds[0], axis, start, count },
      ]);
      start += count;
    });
    return { ties };
  },
  evaluate(n, inputs) {
    const { axis } = n.attributes;
    const total = inputs.reduce((sum, t) => sum + t.shape[axis], 0);
    const shape = inputs[0].shape.map((d, i) => (i === axis ? total : d));
    const data = allocate(inputs[0].dtype, sizeOf(shape));
    const outer = sizeOf(shape.slice(0, axis));
    const row = sizeOf(shape.slice(axis));
    let at = 0;
    for (const input of inputs) {
      const width = sizeOf(input.shape.slice(axis));
      for (let o = 0; o < outer; o++)
        data.set(input.data.subarray(o * width, (o + 1) * width) as never, o * row + at);
      at += width;
    }
    return [tensor(inputs[0].dtype, shape, data)];
  },
});

const margin = z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]);

/** Surrounds a tensor with a constant: paddings[axis] = [before, after]; the real value is `value`. */
export const pad = defineOp({
  name: 'pad',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: z.object({ paddings: z.array(margin), value: z.number() }).strict(),
  infer(n): ValueType[] {
    const { dtype, shape } = n.inputs[0];
    const { paddings } = n.attributes;
    expectShape(
      paddings.length === shape.length,
      n,
      () => `paddings for ${paddings.length} axes don't fit ${formatShape(shape)}`,
    );
    expectShape(
      paddings.every(([a, b], i) => shape[i] !== 'batch' || a + b === 0),
      n,
      () => 'the batch is never padded',
    );
    return [{ dtype, shape: shape.map((d, i) => (d === 'batch' ? d : d + paddings[i][0] + paddings[i][1])) }];
  },
  cost: () => free,
  channels(n) {
    const ties = n.inputs[0].shape.flatMap((d, axis): Span[][] => {
      const [before, after] = n.attributes.paddings[axis];
      const count = d === 'batch' ? 1 : d;
      return before + after > 0
        ? []
        : [
            [
              { value: n.inputIds[0], axis, count },
              { value: n.outputIds[0], axis, count },
            ],
          ];
    });
    return { ties };
  },
  evaluate: (n, [input]) => [padTensor(n, input)],
});

function padTensor(n: InferView<{ paddings: [number, number][]; value: number }>, input: Tensor): Tensor {
  const { paddings, value } = n.attributes;
  const shape = input.shape.map((d, i) => d + paddings[i][0] + paddings[i][1]);
  const data = allocate(input.dtype, sizeOf(shape));
  data.fill((input.dtype === 'int64' ? BigInt(value) : value) as never);
  const strides = stridesOf(shape);
  const width = input.shape[input.shape.length - 1] ?? 1;
  const index = new Array<number>(input.shape.length).fill(0);
  for (let from = 0; from < input.data.length; from += width) {
    const to = strides.reduce((sum, stride, axis) => sum + stride * (index[axis] + paddings[axis][0]), 0);
    data.set(input.data.subarray(from, from + width) as never, to);
    for (let axis = input.shape.length - 2; axis >= 0 && ++index[axis] === input.shape[axis]; axis--)
      index[axis] = 0;
  }
  return tensor(input.dtype, shape, data);
}

export const shapeOps = [flatten, reshape, concat, pad] as const;
