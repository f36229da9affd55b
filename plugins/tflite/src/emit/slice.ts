import { tensor } from '@whittle/core';
import type { NodeView, SliceAttributes, SplitAttributes } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';
import { versionFor } from './versions.js';

const { SLICE, SPLIT, SPLIT_V, STRIDED_SLICE } = schema.BuiltinOperator;

/** SLICE, or STRIDED_SLICE where a step is not 1. */
export function emitSlice(n: NodeView<SliceAttributes>, context: TfliteEmitContext): void {
  const strided = n.attributes.ranges.some(({ step }) => step !== 1);
  const operator = strided ? STRIDED_SLICE : SLICE;
  const { lists, options } = strided ? stridedRanges(n) : plainRanges(n);
  const constants = Object.entries(lists).map(([name, list]) => addList(n, context, name, list));
  context.addOperator({
    operator,
    version: versionFor(operator, n.inputs[0].dtype, n.inputs[0].shape.length),
    inputs: [context.tensorOf(n.inputIds[0]), ...constants],
    outputs: [context.tensorOf(n.outputIds[0])],
    options,
  });
}

function plainRanges(n: NodeView<SliceAttributes>) {
  const begin = new Array<number>(n.inputs[0].shape.length).fill(0);
  const size = begin.map(() => -1);
  for (const range of n.attributes.ranges) {
    begin[range.axis] = range.start;
    size[range.axis] = range.size;
  }
  return { lists: { begin, size }, options: new schema.SliceOptionsT() };
}

/** An end before the first index would count from the back: there, and for whole axes, a mask says 'to the end'. */
function stridedRanges(n: NodeView<SliceAttributes>) {
  const begin = new Array<number>(n.inputs[0].shape.length).fill(0);
  const end = begin.map(() => 0);
  const strides = begin.map(() => 1);
  let beginMask = (1 << begin.length) - 1;
  let endMask = beginMask;
  for (const { axis, start, size, step } of n.attributes.ranges) {
    begin[axis] = start;
    strides[axis] = step === 0 ? 1 : step;
    const last = start + size * strides[axis];
    end[axis] = Math.max(last, 0);
    beginMask &= ~(1 << axis);
    if (last >= 0) endMask &= ~(1 << axis);
  }
  return { lists: { begin, end, strides }, options: new schema.StridedSliceOptionsT(beginMask, endMask) };
}

/** SPLIT where the parts are equal, else SPLIT_V. */
export function emitSplit(n: NodeView<SplitAttributes>, context: TfliteEmitContext): void {
  const { axis, sizes } = n.attributes;
  const equal = sizes.every((size) => size === sizes[0]);
  const input = context.tensorOf(n.inputIds[0]);
  const along = context.addConstant(tensor('int32', [], [axis]), `${n.name}/axis`);
  const operator = equal ? SPLIT : SPLIT_V;
  context.addOperator({
    operator,
    version: versionFor(operator, n.inputs[0].dtype),
    inputs: equal ? [along, input] : [input, addList(n, context, 'sizes', sizes), along],
    outputs: n.outputIds.map((id) => context.tensorOf(id)),
    options: equal ? new schema.SplitOptionsT(sizes.length) : new schema.SplitVOptionsT(sizes.length),
  });
}

function addList(
  n: NodeView<unknown>,
  context: TfliteEmitContext,
  name: string,
  list: readonly number[],
): number {
  return context.addConstant(tensor('int32', [list.length], [...list]), `${n.name}/${name}`);
}
