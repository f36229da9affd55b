import { selectedElements, sizeOf, stridesOf } from '@whittle/core';
import type { NodeView, SliceAttributes, SplitAttributes } from '@whittle/core';
import type { Int8Kernel } from '../lowering.js';
import { concatPlan, padPlan, slicePlan, splitPlan } from '../plans/data-movement.js';
import type { PermutationPlan, SelectionPlan } from '../plans/data-movement.js';

/** RESHAPE: stored values are copied; scales are never compared. */
export function prepareReshape(): Int8Kernel {
  return ([input], [output]) => output.set(input as never);
}

/** CONCATENATION. */
export function prepareConcat(n: NodeView<{ readonly axis: number }>): Int8Kernel {
  const { rows, widths } = concatPlan(n);
  return (inputs, [output]) => {
    let at = 0;
    for (let row = 0; row < rows; row++)
      widths.forEach((width, i) => {
        output.set(inputs[i].subarray(row * width, (row + 1) * width) as never, at);
        at += width;
      });
  };
}

/** PAD and PADV2. */
export function preparePad(n: NodeView<Parameters<typeof padPlan>[0]['attributes']>): Int8Kernel {
  const { inputShape, paddings, value } = padPlan(n);
  const shape = inputShape.map((dim, axis) => dim + paddings[axis][0] + paddings[axis][1]);
  const from = stridesOf(inputShape);
  const to = stridesOf(shape);
  const target = Int32Array.from({ length: sizeOf(inputShape) }, (_, i) =>
    inputShape.reduce(
      (sum, dim, axis) => sum + ((Math.floor(i / from[axis]) % dim) + paddings[axis][0]) * to[axis],
      0,
    ),
  );
  return ([input], [output]) => {
    output.fill(value as never);
    for (let i = 0; i < target.length; i++) output[target[i]] = input[i];
  };
}

/** SLICE and STRIDED_SLICE. */
export function prepareSlice(n: NodeView<SliceAttributes>): Int8Kernel {
  return pick(slicePlan(n));
}

/** Any op that picks elements axis by axis. */
export function prepareSelection<A>(plan: (n: NodeView<A>) => SelectionPlan): (n: NodeView<A>) => Int8Kernel {
  return (n) => pick(plan(n));
}

function pick({ inputShape, indices }: SelectionPlan): Int8Kernel {
  return move(selectedElements(inputShape, indices));
}

/** SPLIT and SPLIT_V. */
export function prepareSplit(n: NodeView<SplitAttributes>): Int8Kernel {
  const { rows, widths } = splitPlan(n);
  return ([input], outputs) => {
    let at = 0;
    for (let row = 0; row < rows; row++)
      widths.forEach((width, i) => {
        outputs[i].set(input.subarray(at, at + width) as never, row * width);
        at += width;
      });
  };
}

/** TRANSPOSE, DEPTH_TO_SPACE and SPACE_TO_DEPTH. */
export function preparePermutation<A>(
  plan: (n: NodeView<A>) => PermutationPlan,
): (n: NodeView<A>) => Int8Kernel {
  return (n) => {
    const { shape, permutation } = plan(n);
    const strides = stridesOf(shape);
    const permuted = permutation.map((axis) => shape[axis]);
    const to = stridesOf(permuted);
    const sources = Int32Array.from({ length: sizeOf(shape) }, (_, i) =>
      permutation.reduce((sum, axis, at) => sum + (Math.floor(i / to[at]) % permuted[at]) * strides[axis], 0),
    );
    return move(sources);
  };
}

/** Output element i is input element sources[i]. */
function move(sources: Int32Array): Int8Kernel {
  return ([input], [output]) => {
    for (let i = 0; i < sources.length; i++) output[i] = input[sources[i]];
  };
}
