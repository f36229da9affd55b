import { z } from 'zod';
import { concrete } from '../model.js';
import type { Dim } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import type { InferView, OpDefinition } from '../op.js';
import { sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { computedTensor } from './computed-tensor.js';
import { mul } from './elementwise.js';
import { neg } from './math.js';
import { axisTie } from './selection.js';

export const meanAttributes = z
  .object({ axes: z.array(z.number().int().nonnegative()).nonempty(), keepDims: z.boolean() })
  .strict();
export type MeanAttributes = z.infer<typeof meanAttributes>;
/** Which axes are reduced, and whether they stay as extents of 1. */
export type ReductionAttributes = MeanAttributes;

/** How elements become one. */
interface Reduction {
  readonly initial: number;
  step(reduced: number, x: number): number;
  finish(reduced: number, count: number): number;
}

/** An op that reduces whole axes. */
export interface ReductionOp extends OpDefinition<ReductionAttributes> {
  /** What `count` elements of the same value become. */
  readonly reduceEqual: (x: number, count: number) => number;
}

/** Whether an op reduces whole axes. */
export function isReductionOp(op: OpDefinition): op is OpDefinition & ReductionOp {
  return 'reduceEqual' in op;
}

function defineReduction(
  name: string,
  reduction: Reduction,
  reduceEqual: ReductionOp['reduceEqual'],
  decompose?: ReductionOp['decompose'],
): ReductionOp {
  const definition = defineOp<ReductionAttributes>({
    name,
    version: 1,
    operands: [{ name: 'input' }],
    attributes: meanAttributes,
    infer(n) {
      const rank = n.inputs[0].shape.length;
      expectShape(
        n.attributes.axes.every((a, i, all) => a > 0 && a < rank && all.indexOf(a) === i),
        n,
        () => `axes must be distinct and in 1 to ${rank - 1}, found [${n.attributes.axes.join(', ')}]`,
      );
      return [{ dtype: n.inputs[0].dtype, shape: reducedShape(n) }];
    },
    cost: (n) => ({ macs: 0, flops: 0, activationFlops: sizeOf(concrete(n.inputs[0].shape)) }),
    channels(n) {
      const { axes, keepDims } = n.attributes;
      const kept = n.inputs[0].shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
      return { ties: kept.map((axis, i) => axisTie(n, axis, keepDims ? axis : i)) };
    },
    evaluate: (n, [input]) => [reduce(n, input, reduction)],
    ...(decompose && { decompose }),
  });
  return { ...definition, reduceEqual };
}

function reducedShape(n: InferView<ReductionAttributes>): Dim[] {
  const { axes, keepDims } = n.attributes;
  return n.inputs[0].shape.flatMap((dim, axis) => (!axes.includes(axis) ? [dim] : keepDims ? [1] : []));
}

function reduce(
  n: InferView<ReductionAttributes>,
  input: Tensor,
  { initial, step, finish }: Reduction,
): Tensor {
  const { axes } = n.attributes;
  const shape = input.shape;
  const kept = shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const reduced = new Float64Array(sizeOf(kept)).fill(initial);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < input.data.length; i++) {
    let at = 0;
    for (let axis = 0; axis < shape.length; axis++)
      at = at * kept[axis] + (kept[axis] === 1 ? 0 : index[axis]);
    reduced[at] = step(reduced[at], Number(input.data[i]));
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  const count = input.data.length / reduced.length;
  const finished = reduced.map((value) => finish(value, count));
  return computedTensor(input.dtype, concrete(reducedShape({ ...n, inputs: [input] })), finished);
}

const same = (x: number) => x;

/** Mean over whole axes: global average pooling is axes [1, 2]. The batch (axis 0) is never averaged. */
export const mean = defineReduction(
  'mean',
  { initial: 0, step: (sum, x) => sum + x, finish: (sum, count) => sum / count },
  same,
);

/** Maximum over whole axes: global maximum pooling is axes [1, 2]. The batch (axis 0) stays. */
export const reduceMax = defineReduction(
  'reduce_max',
  { initial: -Infinity, step: Math.max, finish: same },
  same,
);

/** Minimum over whole axes. The batch (axis 0) stays. */
export const reduceMin = defineReduction(
  'reduce_min',
  { initial: Infinity, step: Math.min, finish: same },
  same,
  (n, add) => add(neg, {}, add(reduceMax, n.attributes, add(neg, {}, n.inputIds))),
);

/** Sum over whole axes. The batch (axis 0) stays. */
export const reduceSum = defineReduction(
  'reduce_sum',
  { initial: 0, step: (sum, x) => sum + x, finish: same },
  (x, count) => x * count,
  (n, add, constant) => {
    const [input, output] = [...n.inputs, ...n.outputs].map(({ shape }) => sizeOf(concrete(shape)));
    return add(mul, { activation: 'none' }, [
      ...add(mean, n.attributes, n.inputIds),
      constant(input / output, 'count'),
    ]);
  },
);

/** Product over whole axes. The batch (axis 0) stays. */
export const reduceProd = defineReduction(
  'reduce_prod',
  { initial: 1, step: (product, x) => product * x, finish: same },
  (x, count) => x ** count,
);

export const reductionOps = [mean, reduceMax, reduceMin, reduceSum, reduceProd] as const;
