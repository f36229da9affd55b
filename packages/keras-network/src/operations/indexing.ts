import { reshape, slice } from '@whittle/core';
import type { AxisRange, Dim, Id } from '@whittle/core';
import { invalid, quote, unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';

interface Bounds {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
}

/** x[items] as numpy indexes: slices, integers, new axes and one ellipsis. The batch stays whole. */
export function indexed(call: LayerCall, x: Id, items: readonly unknown[]): Id {
  const shape = call.shape(x);
  const ranges: AxisRange[] = [];
  const kept: Dim[] = [];
  let axis = 0;
  for (const item of expanded(call, items, shape.length)) {
    if (item === null) {
      kept.push(1);
      continue;
    }
    const dim = shape[axis];
    const bounds = typeof item === 'number' ? item : boundsOf(call, item);
    if (dim === 'batch') {
      if (typeof bounds === 'number' || !isWhole(bounds))
        throw unsupported(call.where, 'a part of the batch');
      kept.push(dim);
    } else {
      const range = typeof bounds === 'number' ? single(call, bounds, dim) : rangeOf(call, bounds, dim);
      if (range.size !== dim || range.step !== 1) ranges.push({ axis, ...range });
      if (typeof bounds !== 'number') kept.push(range.size);
    }
    axis++;
  }
  const part = ranges.length > 0 ? call.node('slice', slice, { ranges }, [x]) : x;
  if (call.shape(part).join() === kept.join()) return part;
  if (kept[0] !== 'batch') throw unsupported(call.where, 'an axis before the batch');
  return call.node('reshape', reshape, { shape: kept }, [part]);
}

/** Items for all axes: an ellipsis, or the end, stands for whole ones. */
function expanded(call: LayerCall, items: readonly unknown[], rank: number): unknown[] {
  const whole: Bounds = { start: null, stop: null, step: null };
  const missing = rank - items.filter((item) => item !== null && !isEllipsis(item)).length;
  if (missing < 0) throw invalid(call.where, `${items.length} indices for ${rank} axes`);
  const at = items.findIndex(isEllipsis);
  const filled = new Array<unknown>(missing).fill(whole);
  return at < 0 ? [...items, ...filled] : [...items.slice(0, at), ...filled, ...items.slice(at + 1)];
}

function isEllipsis(item: unknown): boolean {
  return (
    (item as { class_name?: unknown } | null | undefined)?.class_name === '__ellipsis__' || item === '...'
  );
}

function boundsOf(call: LayerCall, item: unknown): Bounds {
  const config = ((item as { config?: unknown } | undefined)?.config ?? item) as Partial<Bounds>;
  const bound = (value: unknown) => {
    if (value === null || value === undefined) return null;
    if (!Number.isSafeInteger(value)) throw unsupported(call.where, `an index of ${quote(item)}`);
    return value as number;
  };
  if (typeof config !== 'object' || config === null) throw invalid(call.where, `an index of ${quote(item)}`);
  return { start: bound(config.start), stop: bound(config.stop), step: bound(config.step) };
}

function isWhole({ start, stop, step }: Bounds): boolean {
  return (start ?? 0) === 0 && stop === null && (step ?? 1) === 1;
}

function single(call: LayerCall, index: number, extent: number) {
  const at = index < 0 ? index + extent : index;
  if (!(at >= 0 && at < extent)) throw invalid(call.where, `index ${index} of ${extent} elements`);
  return { start: at, size: 1, step: 1 };
}

function rangeOf(call: LayerCall, { start, stop, step: told }: Bounds, extent: number) {
  const step = told ?? 1;
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const hold = (value: number) => Math.min(Math.max(value < 0 ? value + extent : value, low), high);
  const first = start === null ? (step > 0 ? 0 : extent - 1) : hold(start);
  const last = stop === null ? (step > 0 ? extent : -1) : hold(stop);
  const size = step === 0 ? 0 : Math.ceil((last - first) / step);
  if (size < 1) throw invalid(call.where, `no elements from ${start} to ${stop} of ${extent}`);
  return { start: first, size, step: size === 1 ? 1 : step };
}
