import { BatchMixed, reshape, slice } from '@whittle/core';
import type { AxisRange, Dim } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { mixed } from './known-values.js';
import { invalid, optionsOf, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';
import { readList } from './slice.js';

/** What becomes of one axis of the input. */
interface AxisSlice {
  /** Nothing where the axis stays whole. */
  readonly range?: Omit<AxisRange, 'axis'>;
  /** Whether one index of it is taken, so that it goes. */
  readonly isGone?: boolean;
}

/**
 * STRIDED_SLICE with indices that are known: with steps, an ellipsis for the axes that aren't told, new axes of extent 1, and axes
 * that one index is taken of, which a reshape drops.
 */
export function readStridedSlice(o: OperatorView, graph: GraphReader): void {
  const options = optionsOf(o, schema.StridedSliceOptionsT);
  const { shape } = graph.inputType(o, 0);
  const [begin, steps] = [readList(o, graph, 1, 'begin'), readList(o, graph, 3, 'strides')];
  const end = graph.dimsInput(o, 2, 'end');
  const isSet = (mask: number, i: number) => ((mask >> i) & 1) === 1;
  const dots = begin.filter((_, i) => isSet(options.ellipsisMask, i)).length;
  const taken = begin.filter((_, i) => !isSet(options.ellipsisMask | options.newAxisMask, i)).length;
  const lengths = [begin, end, steps].map(({ length }) => length);
  if (lengths.some((length) => length !== begin.length) || dots > 1 || taken > shape.length)
    throw invalid(o, `begin, end and strides of ${begin.length} axes don't fit [${shape.join(', ')}]`);
  const to: Dim[] = [];
  const ranges: AxisRange[] = [];
  let axis = 0;
  const keep = (count: number) => {
    for (let i = 0; i < count; i++) to.push(shape[axis++]);
  };
  begin.forEach((start, i) => {
    if (isSet(options.ellipsisMask, i)) return keep(shape.length - taken);
    if (isSet(options.newAxisMask, i)) return void to.push(1);
    const last = end[i];
    const { range, isGone } = axisSlice(o, axis, shape[axis], {
      begin: isSet(options.beginMask, i) ? undefined : start,
      end: isSet(options.endMask, i) ? undefined : options.offset && last !== 'batch' ? start + last : last,
      step: steps[i],
      isIndex: isSet(options.shrinkAxisMask, i),
    });
    if (range) ranges.push({ axis, ...range });
    if (!isGone) to.push(range?.size ?? shape[axis]);
    axis++;
  });
  keep(shape.length - axis);
  const input = graph.input(o, 0);
  const isSliced = to.length === shape.length && options.newAxisMask === 0;
  if (isSliced) return graph.addResult(o, slice, { ranges }, [input]);
  const part = ranges.length > 0 ? graph.addBetween(o, slice, { ranges }, input) : input;
  graph.addResult(o, reshape, { shape: to }, [part]);
}

interface Bounds {
  /** Undefined where a mask says that the range begins or ends with the axis. */
  readonly begin: number | undefined;
  readonly end: Dim | undefined;
  readonly step: number;
  readonly isIndex: boolean;
}

/** Indices count from the back where they are negative, and are held to the axis. The batch stays whole. */
function axisSlice(
  o: OperatorView,
  axis: number,
  dim: Dim,
  { begin, end, step, isIndex }: Bounds,
): AxisSlice {
  // In the file there is one example.
  const isAll = end === undefined || end === 'batch' || end >= 1;
  if (dim === 'batch' && (isIndex || step !== 1 || (begin ?? 0) !== 0 || !isAll))
    throw new BatchMixed(mixed(o));
  if (dim === 'batch') return {};
  if (end === 'batch') throw new BatchMixed(mixed(o));
  const range = rangeOf(dim, { begin, end, step, isIndex });
  if (range.size < 1) throw unreadable(o, `nothing is left of axis ${axis}, expected elements`);
  if (isIndex) return { range, isGone: true };
  return range.start === 0 && range.step === 1 && range.size === dim ? {} : { range };
}

/** A step of 0 leaves nothing. */
function rangeOf(
  extent: number,
  { begin, end, step, isIndex }: Bounds & { readonly end: number | undefined },
): Omit<AxisRange, 'axis'> {
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const hold = (x: number) => Math.min(Math.max(x < 0 ? x + extent : x, low), high);
  const start = begin === undefined ? (step > 0 ? 0 : extent - 1) : hold(begin);
  if (isIndex) return { start, size: start >= 0 && start < extent ? 1 : 0, step: 1 };
  const stop = end === undefined ? (step > 0 ? extent : -1) : hold(end);
  const size = step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step));
  return { start, size, step: size === 1 ? 1 : step };
}
