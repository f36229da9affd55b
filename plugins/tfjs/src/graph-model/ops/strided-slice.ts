import { slice } from '@whittle/core';
import type { AxisRange, Dim } from '@whittle/core';
import { BatchMixed } from '../../faults.js';
import type { NodeCall } from '../node-call.js';
import { shapeOf } from '../value.js';
import { emptyPart } from './empty.js';
import type { OpReader } from './op-reader.js';

/** What a slice does with one axis of its operand. */
interface AxisSlice {
  readonly range?: AxisRange;
  readonly isGone?: boolean;
}

const masks = ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'] as const;

/** Slices as Python writes them: with steps, an ellipsis, new axes, and axes that an index takes away. */
export const stridedSlice: OpReader = (call) => {
  const x = call.operand(0);
  const shape = shapeOf(x);
  const [begins, ends, steps] = [call.integers(1, 'starts'), call.dims(2, 'ends'), call.integers(3, 'steps')];
  if (ends.length !== begins.length || steps.length !== begins.length)
    throw call.invalid(`${begins.length} starts, ${ends.length} ends and ${steps.length} steps`);
  const [begin, end, ellipsis, added, gone] = masks.map((key) => call.attributes.integer(key, 0));
  const isSet = (mask: number, i: number) => ((mask >> i) & 1) === 1;
  const entries = begins.map((_, i) => i);
  const dots = entries.filter((i) => isSet(ellipsis, i));
  const taken = entries.filter((i) => !isSet(ellipsis, i) && !isSet(added, i)).length;
  if (dots.length > 1 || taken > shape.length || begins.length > 31)
    throw call.invalid(`${taken} slices of ${shape.length} axes`);
  const to: Dim[] = [];
  const ranges: AxisRange[] = [];
  let axis = 0;
  const keep = (count: number) => {
    for (let i = 0; i < count; i++) to.push(shape[axis++]);
  };
  for (const i of entries) {
    if (isSet(ellipsis, i)) keep(shape.length - taken);
    else if (isSet(added, i)) to.push(1);
    else {
      const { range, isGone } = axisSlice(call, axis, shape[axis], {
        begin: isSet(begin, i) ? undefined : begins[i],
        end: isSet(end, i) ? undefined : ends[i],
        step: steps[i],
        isIndex: isSet(gone, i),
      });
      if (range) ranges.push(range);
      if (!isGone) to.push(range?.size ?? shape[axis]);
      axis++;
    }
  }
  keep(shape.length - axis);
  const isReshaped = to.length !== shape.length || entries.some((i) => isSet(added, i) || isSet(gone, i));
  if (ranges.some(({ size }) => size === 0)) return emptyPart(call, x, to);
  const suffix = isReshaped ? 'slice' : undefined;
  const part = ranges.length > 0 ? call.apply(slice, { ranges }, [x], { moves: true, suffix }) : x;
  return call.reshaped(part, to);
};

interface Bounds {
  readonly begin?: number;
  readonly end?: Dim;
  readonly step: number;
  readonly isIndex: boolean;
}

function axisSlice(call: NodeCall, axis: number, dim: Dim, { begin, end, step, isIndex }: Bounds): AxisSlice {
  if (step === 0) throw call.invalid('a step of 0');
  if (dim === 'batch') {
    const isWhole = !isIndex && step === 1 && (begin ?? 0) === 0 && (end === undefined || end === 'batch');
    if (isWhole) return {};
    throw new BatchMixed(call.name, 'a part of the batch');
  }
  if (end === 'batch') throw new BatchMixed(call.name, 'an end that depends on the size of the batch');
  const fromBack = (at: number) => (at < 0 ? at + dim : at);
  if (isIndex) {
    const start = fromBack(begin ?? 0);
    if (!(start >= 0 && start < dim)) throw call.invalid(`index ${begin} of ${dim}`);
    return { range: { axis, start, size: 1, step: 1 }, isGone: true };
  }
  const [low, high] = step > 0 ? [0, dim] : [-1, dim - 1];
  const bound = (at: number | undefined, otherwise: number) =>
    at === undefined ? otherwise : Math.min(Math.max(fromBack(at), low), high);
  const start = bound(begin, step > 0 ? 0 : dim - 1);
  const stop = bound(end, step > 0 ? dim : -1);
  const size = Math.max(0, Math.ceil((stop - start) / step));
  return start === 0 && size === dim && step === 1 ? {} : { range: { axis, start, size, step } };
}
