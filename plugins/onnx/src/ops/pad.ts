import { mirrorPad, pad } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import { largestExtent } from '../graph/limits.js';
import type { NodeCall } from '../graph/node-call.js';
import { shapeOf } from '../values/value.js';
import { picks, sliced } from './selection.js';
import type { OpReaders } from './op-reader.js';

type Margin = [number, number];

/** Margins by axis of the file's shape; negative ones cut off. @throws FORMAT_INVALID */
function marginsOf(call: NodeCall, rank: number): Margin[] {
  const pads = call.opset < 11 ? call.attributes.ints('pads') : call.numbers(1, 'pads');
  const axes = (call.has(3) ? call.numbers(3, 'axes') : Array.from({ length: rank }, (_, i) => i)).map(
    (axis) => call.axis(axis, rank),
  );
  const count = axes.length;
  if (
    !pads ||
    pads.length !== 2 * count ||
    pads.some((n) => !Number.isSafeInteger(n) || Math.abs(n) > largestExtent)
  )
    throw call.invalid(`pads [${(pads ?? []).slice(0, 16).join(', ')}] of a value of rank ${rank}`);
  const margins = Array.from({ length: rank }, (): Margin => [0, 0]);
  axes.forEach((axis, i) => (margins[axis] = [pads[i], pads[count + i]]));
  return margins;
}

function padReader(call: NodeCall): void {
  const mode = call.attributes.text('mode', 'constant');
  const shape = shapeOf(call.operand(0));
  const margins = marginsOf(call, shape.length);
  margins.forEach(([before, after], axis) => {
    if (shape[axis] === 'batch' && (before !== 0 || after !== 0))
      throw new BatchMixed(call.where, 'the batch is padded');
  });
  const cuts = margins.flatMap(([before, after], axis) => {
    if (before >= 0 && after >= 0) return [];
    const [start, end] = [Math.max(0, -before), Math.max(0, -after)];
    const size = Number(shape[axis]) - start - end;
    if (size < 1) throw call.invalid(`nothing is left of axis ${axis}`);
    return [{ axis, start, size, step: 1 }];
  });
  const added = margins.map(([before, after]): Margin => [Math.max(0, before), Math.max(0, after)]);
  const axes = added.flatMap(([before, after], axis) => (before + after > 0 ? [axis] : []));
  sliced(call, call.operand(0), cuts, axes.length > 0 ? 'cut' : undefined);
  if (axes.length === 0) return;
  if (mode === 'edge' || mode === 'wrap') return indexed(call, added, axes, mode);
  const x = call.withAxes(call.results[0]!, axes);
  const paddings = x.order.map((axis): Margin => (axis < 0 ? [0, 0] : added[axis]));
  const padded = x.shape.map((dim, axis) => (dim === 'batch' ? dim : dim + added[axis][0] + added[axis][1]));
  if (mode === 'constant') {
    const [value] =
      call.opset >= 11 && call.has(2) ? call.numbers(2, 'a value') : [call.attributes.float('value', 0)];
    call.result(call.emit(pad, { paddings, value: value ?? 0 }, [x.id]), x.order, { shape: padded });
  } else if (mode === 'reflect')
    call.result(call.emit(mirrorPad, { paddings, mode }, [x.id]), x.order, { shape: padded });
  else throw call.unsupported(`mode ${mode}`);
}

/** Margins that repeat elements, by index. */
function indexed(
  call: NodeCall,
  margins: readonly Margin[],
  axes: readonly number[],
  mode: 'edge' | 'wrap',
): void {
  axes.forEach((axis, i) => {
    const value = call.results[0]!;
    const extent = Number(shapeOf(value)[axis]);
    const [before, after] = margins[axis];
    call.graph.claim(call.where, before + extent + after);
    const indices = Array.from({ length: before + extent + after }, (_, at) => {
      const from = at - before;
      return mode === 'edge' ? Math.min(Math.max(from, 0), extent - 1) : ((from % extent) + extent) % extent;
    });
    picks(call, value, axis, indices, i === axes.length - 1 ? undefined : `axis_${axis}`);
  });
}

export const padReaders: OpReaders = { Pad: padReader };
