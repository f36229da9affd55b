import { z } from 'zod';
import type { ValueType } from '../model.js';
import { concrete, formatShape } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import type { Span } from '../op.js';
import { take } from '../tensor.js';
import { defineSelection, fixedAxis } from './selection.js';

/** Indices start, start + step ... of one axis, `size` of them. A negative step goes backwards. */
export const axisRange = z
  .object({
    axis: z.number().int().nonnegative(),
    start: z.number().int().nonnegative(),
    size: z.number().int().positive(),
    step: z.number().int(),
  })
  .strict();
export type AxisRange = z.infer<typeof axisRange>;

export const sliceAttributes = z.object({ ranges: z.array(axisRange) }).strict();
export type SliceAttributes = z.infer<typeof sliceAttributes>;

/** A part of a tensor: along each axis with a range the indices of it, every `step`-th; the other axes whole. */
export const slice = defineSelection<SliceAttributes>('slice', sliceAttributes, (n) => {
  const indices = new Array<number[] | undefined>(n.inputs[0].shape.length).fill(undefined);
  for (const { axis, start, size, step } of n.attributes.ranges) {
    const extent = fixedAxis(n, axis);
    const last = start + (size - 1) * step;
    expectShape(indices[axis] === undefined, n, () => `axis ${axis} has two ranges`);
    expectShape(
      start < extent && last >= 0 && last < extent && (step !== 0 || size === 1),
      n,
      () => `${size} indices from ${start} in steps of ${step} don't fit on ${extent} along axis ${axis}`,
    );
    indices[axis] = Array.from({ length: size }, (_, i) => start + i * step);
  }
  return indices;
});

export const splitAttributes = z
  .object({
    axis: z.number().int().nonnegative(),
    sizes: z.array(z.number().int().positive()).nonempty(),
  })
  .strict();
export type SplitAttributes = z.infer<typeof splitAttributes>;

/** Cuts a tensor along one axis, into as many results as there are sizes. */
export const split = defineOp<SplitAttributes>({
  name: 'split',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: splitAttributes,
  movesChannels: true,
  infer(n): ValueType[] {
    const { axis, sizes } = n.attributes;
    const { dtype, shape } = n.inputs[0];
    const extent = fixedAxis(n, axis);
    expectShape(
      sizes.reduce((sum, size) => sum + size, 0) === extent,
      n,
      () => `sizes ${sizes.join(' + ')} don't make up axis ${axis} of ${formatShape(shape)}`,
    );
    return sizes.map((size) => ({ dtype, shape: shape.map((dim, i) => (i === axis ? size : dim)) }));
  },
  cost: () => ({ macs: 0, flops: 0, activationFlops: 0 }),
  channels(n) {
    const { axis } = n.attributes;
    const ties: Span[][] = [];
    concrete(n.inputs[0].shape).forEach((count, i) => {
      if (i !== axis) ties.push([...n.inputIds, ...n.outputIds].map((value) => ({ value, axis: i, count })));
    });
    partsOf(n.attributes.sizes).forEach(({ start, size: count }, i) =>
      ties.push([
        { value: n.inputIds[0], axis, start, count },
        { value: n.outputIds[i], axis, count },
      ]),
    );
    return { ties };
  },
  resize(n) {
    const [first, ...rest] = n.outputs.map(({ shape }) => concrete(shape)[n.attributes.axis]);
    return { ...n.attributes, sizes: [first, ...rest] };
  },
  evaluate(n, [input]) {
    const { axis, sizes } = n.attributes;
    return partsOf(sizes).map(({ start, size }) =>
      take(
        input,
        axis,
        Array.from({ length: size }, (_, i) => start + i),
      ),
    );
  },
});

/** Where each of several parts begins. */
function partsOf(sizes: readonly number[]) {
  let start = 0;
  return sizes.map((size) => ({ start: (start += size) - size, size }));
}
