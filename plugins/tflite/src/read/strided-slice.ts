import { concrete, reshape, slice } from '@whittle/core';
import type { AxisRange } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { invalid, optionsOf, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';
import { readList } from './slice.js';

/** STRIDED_SLICE with constant indices; axes that it takes one index of are dropped by a reshape. */
export function readStridedSlice(o: OperatorView, graph: GraphReader): void {
  const options = optionsOf(o, schema.StridedSliceOptionsT);
  if (options.ellipsisMask || options.newAxisMask || options.offset)
    throw unreadable(o, 'an ellipsis, a new axis or an end relative to the begin, expected plain ranges');
  const { shape } = graph.inputType(o, 0);
  const [begin, end, strides] = ['begin', 'end', 'strides'].map((what, i) => readList(o, graph, i + 1, what));
  if ([begin, end, strides].some((list) => list.length !== begin.length) || begin.length > shape.length)
    throw invalid(o, `begin, end and strides of ${begin.length} axes don't fit [${shape.join(', ')}]`);
  const bit = (mask: number, axis: number) => ((mask >> axis) & 1) === 1;
  const ranges = begin.flatMap((_, axis): AxisRange[] => {
    const range = rangeOf(concrete(shape)[axis], {
      begin: bit(options.beginMask, axis) ? undefined : begin[axis],
      end: bit(options.endMask, axis) ? undefined : end[axis],
      step: strides[axis],
      shrinks: bit(options.shrinkAxisMask, axis),
    });
    if (range.size < 1) throw unreadable(o, `nothing is left of axis ${axis}, expected elements`);
    const whole = range.step === 1 && range.size === concrete(shape)[axis];
    return whole ? [] : [{ axis, ...range }];
  });
  const shrunk = begin.map((_, axis) => axis).filter((axis) => bit(options.shrinkAxisMask, axis));
  if (shrunk.some((axis) => shape[axis] === 'batch'))
    throw unreadable(o, 'one index of the batch, expected the batch as a whole');
  const input = graph.input(o, 0);
  if (shrunk.length === 0) return graph.addResult(o, slice, { ranges }, [input]);
  const sliced = ranges.length > 0 ? graph.addBetween(o, slice, { ranges }, input) : input;
  const kept = graph.valueType(sliced).shape.filter((_, axis) => !shrunk.includes(axis));
  graph.addResult(o, reshape, { shape: [...kept] }, [sliced]);
}

interface Bounds {
  /** Undefined where a mask says that the range begins or ends with the axis. */
  readonly begin: number | undefined;
  readonly end: number | undefined;
  readonly step: number;
  readonly shrinks: boolean;
}

/** Indices count from the back where they are negative, and are held to the axis. A step of 0 leaves nothing. */
function rangeOf(extent: number, { begin, end, step, shrinks }: Bounds): Omit<AxisRange, 'axis'> {
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const hold = (x: number) => Math.min(Math.max(x < 0 ? x + extent : x, low), high);
  const first = begin === undefined ? (step > 0 ? 0 : extent - 1) : hold(begin);
  if (shrinks) return { start: first, size: first >= 0 && first < extent ? 1 : 0, step: 1 };
  const last = end === undefined ? (step > 0 ? extent : -1) : hold(end);
  const size = step === 0 ? 0 : Math.max(0, Math.ceil((last - first) / step));
  return { start: first, size, step: size === 1 ? 1 : step };
}
