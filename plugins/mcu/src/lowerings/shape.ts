import { bitsOf, concrete, stridesOf } from '@whittle/core';
import type {
  MirrorPadAttributes,
  NodeView,
  SliceAttributes,
  SplitAttributes,
  TileAttributes,
} from '@whittle/core';
import { concatPlan, mirrorPadPlan, padPlan, slicePlan, splitPlan, tilePlan } from '@whittle/int8';
import type { PermutationPlan } from '@whittle/int8';
import { integer, operand, output } from '@whittle/kernel-api';
import type { KernelCall, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { copyCall, toOutput } from './copy.js';
import type { CopyDim } from './copy.js';
import { call, elements, suffixOf } from './kernel-call.js';

type Paddings = readonly (readonly [number, number])[];

/** Flatten and reshape: other names for the same bytes. */
export function lowerView(): KernelPlan {
  return { calls: [], view: true };
}

export function lowerConcat(node: KernelNode<{ readonly axis: number }>): KernelPlan {
  const { rows, widths } = concatPlan(node);
  const row = widths.reduce((sum, width) => sum + width, 0);
  let start = 0;
  const calls = widths.map((width, i) => {
    const copy = { dims: rowsOf(rows, width, width, row), outputStart: start };
    start += width;
    return copyCall(node, copy, operand(node, i, `operand_${i}`));
  });
  return rows === 1 && !node.constants[0] ? { calls, append: calls.slice(1) } : { calls };
}

export function lowerSplit(node: KernelNode<SplitAttributes>): KernelPlan {
  const { rows, widths } = splitPlan(node);
  const row = widths.reduce((sum, width) => sum + width, 0);
  let start = 0;
  const calls = widths.map((width, i) => {
    const copy = { dims: rowsOf(rows, width, row, width), inputStart: start };
    start += width;
    return toOutput(copyCall(node, copy, operand(node, 0, 'input')), i);
  });
  return { calls };
}

function rowsOf(rows: number, width: number, inputRow: number, outputRow: number): CopyDim[] {
  return [
    { size: rows, input: inputRow, output: outputRow },
    { size: width, input: 1, output: 1 },
  ];
}

export function lowerPad(
  node: KernelNode<{ readonly paddings: Paddings; readonly value: number }>,
): KernelPlan {
  const { inputShape, paddings, value } = padPlan(node);
  return {
    calls: [
      call(
        `whittle_fill_${suffixOf(node.outputs[0])}`,
        integer(value),
        integer(elements(node.outputs[0])),
        output(0),
      ),
      copyInside(node, inputShape, paddings),
    ],
  };
}

/** The input in the middle of the output, with margins around it. */
function copyInside(
  node: KernelNode<unknown>,
  inputShape: readonly number[],
  paddings: Paddings,
): KernelCall {
  const from = stridesOf(inputShape);
  const to = stridesOf(concrete(node.outputs[0].shape));
  return copyCall(
    node,
    {
      dims: inputShape.map((size, axis) => ({ size, input: from[axis], output: to[axis] })),
      outputStart: paddings.reduce((sum, [before], axis) => sum + before * to[axis], 0),
    },
    operand(node, 0, 'input'),
  );
}

/**
 * The input is copied to the middle; then, from the innermost axis outwards, the margins of an axis are copied from the
 * output itself, backwards. No byte is read and written by the same copy.
 */
export function lowerMirrorPad(node: KernelNode<MirrorPadAttributes>): KernelPlan {
  const { inputShape } = mirrorPadPlan(node);
  const { paddings, mode } = node.attributes;
  const edge = mode === 'reflect' ? 1 : 0;
  const shape = concrete(node.outputs[0].shape);
  const strides = stridesOf(shape);
  const calls = [copyInside(node, inputShape, paddings)];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const [before, after] = paddings[axis];
    const end = before + inputShape[axis];
    // Axes outside this one have no margins yet, those inside have theirs.
    const start = paddings.reduce((sum, [b], i) => sum + (i < axis ? b * strides[i] : 0), 0);
    const mirror = (size: number, from: number, to: number) => {
      if (size === 0) return;
      const dims = shape.map((extent, i): CopyDim => {
        const stride = strides[i];
        if (i === axis) return { size, input: -stride, output: stride };
        return { size: i < axis ? inputShape[i] : extent, input: stride, output: stride };
      });
      const inputStart = start + from * strides[axis];
      calls.push(copyCall(node, { dims, inputStart, outputStart: start + to * strides[axis] }, output(0)));
    };
    mirror(before, 2 * before - 1 + edge, 0);
    mirror(after, end - 1 - edge, end);
  }
  return { calls };
}

export function lowerSlice(node: KernelNode<SliceAttributes>): KernelPlan {
  const { inputShape } = slicePlan(node);
  const shape = concrete(node.outputs[0].shape);
  const from = stridesOf(inputShape);
  const to = stridesOf(shape);
  const rangeOf = new Map(node.attributes.ranges.map((range) => [range.axis, range]));
  const copy = {
    dims: shape.map((size, axis) => ({
      size,
      input: from[axis] * (rangeOf.get(axis)?.step ?? 1),
      output: to[axis],
    })),
    inputStart: node.attributes.ranges.reduce((sum, { axis, start }) => sum + start * from[axis], 0),
  };
  const calls = [copyCall(node, copy, operand(node, 0, 'input'))];
  const isRun = copy.dims.every((dim) => dim.size === 1 || dim.input === dim.output);
  return isRun ? { calls, partAt: (copy.inputStart * bitsOf(node.outputs[0].dtype)) / 8 } : { calls };
}

/** For each axis its repetitions, all of which read the same place, and what is repeated. */
export function lowerTile(node: KernelNode<TileAttributes>): KernelPlan {
  const { inputShape } = tilePlan(node);
  const from = stridesOf(inputShape);
  const to = stridesOf(concrete(node.outputs[0].shape));
  const dims = inputShape.flatMap((size, axis): CopyDim[] => [
    { size: node.attributes.multiples[axis], input: 0, output: size * to[axis] },
    { size, input: from[axis], output: to[axis] },
  ]);
  return { calls: [copyCall(node, { dims }, operand(node, 0, 'input'))] };
}

/** Axes in another order, those of `shape`. */
export function lowerPermutation<A>(plan: (n: NodeView<A>) => PermutationPlan) {
  return (node: KernelNode<A>): KernelPlan => {
    const { shape, permutation } = plan(node);
    const from = stridesOf(shape);
    const to = stridesOf(permutation.map((axis) => shape[axis]));
    const dims = permutation.map((axis, i) => ({ size: shape[axis], input: from[axis], output: to[i] }));
    return { calls: [copyCall(node, { dims }, operand(node, 0, 'input'))] };
  };
}
