import { concrete } from '../model.js';
import type { Dim, Id } from '../model.js';
import type { AddConstant, AddNode, Cost, NodeView } from '../op.js';
import { sizeOf, stridesOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { add, sub } from './elementwise.js';
import { rsqrt, square } from './math.js';
import { mean } from './reduction.js';

const none = { activation: 'none' } as const;

/** (x - mean) / sqrt(variance + epsilon), mean and variance being those over the axes; in double precision. */
export function standardize(input: Tensor, axes: readonly number[], epsilon: number): Float64Array {
  const { shape } = input;
  const groups = groupsOf(shape, axes);
  const count = sizeOf(axes.map((axis) => shape[axis]));
  const average = (value: (i: number) => number) => {
    const sums = new Float64Array(groups.length / count);
    groups.forEach((group, i) => (sums[group] += value(i)));
    return sums.map((sum) => sum / count);
  };
  const means = average((i) => Number(input.data[i]));
  const deviation = (i: number) => Number(input.data[i]) - means[groups[i]];
  const variances = average((i) => deviation(i) ** 2);
  return Float64Array.from(groups, (group, i) => deviation(i) / Math.sqrt(variances[group] + epsilon));
}

/** For each element which of the groups it belongs to, all elements along the axes being one group. */
function groupsOf(shape: readonly number[], axes: readonly number[]): Int32Array {
  const kept = stridesOf(shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)));
  const steps = kept.map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const groups = new Int32Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let group = 0;
  for (let i = 0; i < groups.length; i++) {
    groups[i] = group;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      group += steps[axis];
      if (++index[axis] < shape[axis]) break;
      group -= steps[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return groups;
}

/** The same in nodes, as two factors: x - mean, and 1 / sqrt(variance + epsilon) with extents of 1 along the axes. */
export function addStandardized(
  x: Id,
  axes: readonly [number, ...number[]],
  epsilon: number,
  addNode: AddNode,
  constant: AddConstant,
): readonly [deviation: Id, inverse: Id] {
  const over = { axes: [...axes] as [number, ...number[]], keepDims: true };
  const [deviation] = addNode(sub, none, [x, ...addNode(mean, over, [x])]);
  const variance = addNode(mean, over, addNode(square, {}, [deviation]));
  const [inverse] = addNode(rsqrt, {}, addNode(add, none, [...variance, constant(epsilon, 'epsilon')]));
  return [deviation, inverse];
}

/** standardized * scale + offset, both of the innermost axes. */
export function scaled(standardized: Float64Array, scale: Tensor, offset: Tensor): Float32Array {
  const size = scale.data.length;
  return Float32Array.from(
    standardized,
    (value, i) => value * Number(scale.data[i % size]) + Number(offset.data[i % size]),
  );
}

/** Seven operations an element. */
export function standardizeCost(n: NodeView<unknown>): Cost {
  return { macs: 0, flops: 7 * elementsOf(n.outputs[0]), activationFlops: 0 };
}

/** Elements beside the batch. */
export function elementsOf(type: { readonly shape: readonly Dim[] }): number {
  return sizeOf(concrete(type.shape));
}
