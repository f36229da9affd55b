import { concat, gather, slice, split, tensor, tile } from '@whittle/core';
import type { AxisRange, Dim, Id } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import { dimsOf } from '../fold/known-values.js';
import { largestExtent } from '../graph/limits.js';
import type { Known, NodeCall } from '../graph/node-call.js';
import { completeOrder, identity, wideAxes } from '../values/order.js';
import { dtypeOf, shapeOf } from '../values/value.js';
import type { Activation } from '../values/value.js';
import type { OpReader, OpReaders } from './op-reader.js';

const concatReader: OpReader = (call) => {
  const values = call.operands.map((_, i) => call.operand(i)).filter((value) => !shapeOf(value).includes(0));
  if (values.length === 0) throw call.invalid('nothing to concatenate');
  const rank = shapeOf(values[0]).length;
  const axis = call.axis(call.attributes.int('axis', 1), rank);
  if (values.length === 1) return call.alias(values[0]);
  if (values.some((value) => shapeOf(value).length !== rank)) throw call.invalid('operands of several ranks');
  if (values.some((value) => shapeOf(value)[axis] === 'batch'))
    throw new BatchMixed(call.where, 'examples are concatenated');
  const batched = values.some((value) => shapeOf(value).includes('batch'));
  if (batched && values.some((value) => !shapeOf(value).includes('batch')))
    throw new BatchMixed(call.where, 'values with and without the batch are concatenated');
  const leader = leaderOf(values);
  const all = leader ? leader.order : identity(rank);
  const shape = leader ? leader.shape : identity(rank).map((i) => shapeOf(values[0])[i]);
  let order = all.includes(axis) && placesAll(all, values) ? all : completeOrder(shape, all);
  if (order[0] === axis) order = [-1, ...order];
  const ids = values.map((value) => call.stored(value, order));
  const total = values.reduce((sum, value) => sum + Number(shapeOf(value)[axis]), 0);
  call.result(call.emit(concat, { axis: order.indexOf(axis) }, ids), order, {
    shape: shapeOf(values[0]).map((dim, i) => (i === axis ? total : dim)),
  });
};

function placesAll(order: readonly number[], values: readonly Known[]): boolean {
  return values.every((value) => shapeOf(value).every((dim, axis) => dim === 1 || order.includes(axis)));
}

/** The computed value with the most axes of several elements: the others are stored as it is. */
function leaderOf(values: readonly Known[]): Activation | undefined {
  let leader: Activation | undefined;
  const wide = (value: Activation) => wideAxes(value.shape, value.order).length;
  for (const value of values)
    if (value.kind === 'activation' && (!leader || wide(value) > wide(leader))) leader = value;
  return leader;
}

const splitReader: OpReader = (call) => {
  const value = call.operand(0);
  const shape = shapeOf(value);
  const axis = call.axis(call.attributes.int('axis', 0), shape.length);
  const extent = shape[axis];
  if (extent === 'batch') throw new BatchMixed(call.where, 'the batch is split');
  const sizes = splitSizes(call, extent);
  const names = (call.node.output ?? []).map((name, i) => name || `${call.where}/unused_${i}`);
  if (sizes.length === 1) return call.alias(value);
  const x = call.withAxes(value, [axis]);
  const at = x.order.indexOf(axis);
  const ids = call.graph.results(names, split, { axis: at, sizes: sizes as [number, ...number[]] }, [x.id]);
  ids.forEach((id, i) =>
    call.result(id, x.order, { i, shape: shape.map((dim, each) => (each === axis ? sizes[i] : dim)) }),
  );
};

/** @throws FORMAT_INVALID where sizes don't make up the extent */
export function splitSizes(call: NodeCall, extent: number): number[] {
  const count = (call.node.output ?? []).length;
  const told = call.numbersOr(1, 'split');
  const each = Math.ceil(extent / Math.max(1, call.attributes.int('num_outputs', count)));
  const sizes = told ? [...told] : Array.from({ length: count }, (_, i) => Math.min(each, extent - i * each));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length !== count || total !== extent || sizes.some((size) => !(size > 0)))
    throw call.invalid(`parts of [${sizes.join(', ')}] of ${extent}, ${count} results`);
  return sizes;
}

/** Ranges of axes that `Slice` keeps, of the file's shape; `undefined` where an axis stays whole. @throws FORMAT_INVALID */
export function sliceRanges(call: NodeCall, shape: readonly Dim[]): (AxisRange | undefined)[] {
  const isOld = call.opset < 10;
  const list = (i: number, name: string) =>
    isOld ? call.attributes.ints(name) : call.has(i) ? call.numbers(i, name) : undefined;
  const [starts, ends] = [list(1, 'starts') ?? [], list(2, 'ends') ?? []];
  const axes = (list(3, 'axes') ?? starts.map((_, i) => i)).map((axis) => call.axis(axis, shape.length));
  const steps = (isOld ? undefined : list(4, 'steps')) ?? starts.map(() => 1);
  if ([ends, axes, steps].some(({ length }) => length !== starts.length))
    throw call.invalid(
      `${starts.length} starts, ${ends.length} ends, ${axes.length} axes, ${steps.length} steps`,
    );
  const ranges = shape.map((): AxisRange | undefined => undefined);
  axes.forEach((axis, i) => {
    const extent = shape[axis];
    const step = steps[i];
    if (step === 0 || !Number.isFinite(step)) throw call.invalid('step 0');
    if (extent === 'batch') {
      if (starts[i] === 0 && step === 1 && ends[i] > 2 ** 30) return;
      throw new BatchMixed(call.where, 'the batch is sliced');
    }
    const bound = (value: number, low: number, high: number) =>
      Math.min(Math.max(value < 0 ? value + extent : value, low), high);
    const start = step > 0 ? bound(starts[i], 0, extent) : bound(starts[i], 0, extent - 1);
    const end = step > 0 ? bound(ends[i], 0, extent) : bound(ends[i], -1, extent - 1);
    const size = Math.max(0, Math.ceil((end - start) / step));
    ranges[axis] = { axis, start, size, step: size === 1 ? 1 : step };
  });
  return ranges;
}

const sliceReader: OpReader = (call) => {
  const value = call.operand(0);
  const shape = shapeOf(value);
  const ranges = sliceRanges(call, shape).flatMap((each) =>
    each && !(each.start === 0 && each.step === 1 && each.size === shape[each.axis]) ? [each] : [],
  );
  if (ranges.some(({ size }) => size === 0)) throw call.unsupported('nothing left of an axis');
  sliced(call, value, ranges);
};

/** Parts of axes, of the file's shape. */
export function sliced(call: NodeCall, value: Known, ranges: readonly AxisRange[], what?: string): void {
  if (ranges.length === 0) return call.alias(value);
  const x = call.withAxes(
    value,
    ranges.map(({ axis }) => axis),
  );
  const stored = ranges
    .map((each) => ({ ...each, axis: x.order.indexOf(each.axis) }))
    .sort((a, b) => a.axis - b.axis);
  const shape = x.shape.map((dim, axis) => ranges.find((each) => each.axis === axis)?.size ?? dim);
  call.result(call.emit(slice, { ranges: stored }, [x.id], what), x.order, { shape });
}

const gatherReader: OpReader = (call) => {
  const [value, indices] = [call.operand(0), call.operand(1)];
  const shape = shapeOf(value);
  const axis = call.axis(call.attributes.int('axis', 0), shape.length);
  if (indices.kind === 'constant') return gatherKnown(call, value, axis);
  const dtype = dtypeOf(indices);
  if (dtype !== 'int32' && dtype !== 'int64') throw call.unsupported(`indices of ${dtype}`);
  const table = call.stored(value, identity(shape.length));
  const at = call.stored(indices, identity(indices.shape.length));
  const result = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)];
  call.result(call.emit(gather, { axis }, [table, at]), identity(result.length), { shape: result });
};

/** Indices that are known: one of them, or equally spaced ones, are a slice. */
function gatherKnown(call: NodeCall, value: Known, axis: number): void {
  const indices = call.constant(1, 'indices').tensor;
  const shape = shapeOf(value);
  const extent = shape[axis];
  if (extent === 'batch') throw new BatchMixed(call.where, 'examples are picked');
  const picked = call.numbers(1, 'indices').map((index) => (index < 0 ? index + extent : index));
  if (picked.some((index) => !(index >= 0 && index < extent)) || picked.length === 0)
    throw call.invalid(`indices [${picked.slice(0, 8).join(', ')}] of ${extent}`);
  if (indices.shape.length > 1) {
    const table = call.stored(value, identity(shape.length));
    const at = call.own('indices', 'weight', tensor('int32', indices.shape, picked));
    const result = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)];
    return call.result(call.emit(gather, { axis }, [table, at]), identity(result.length), { shape: result });
  }
  picks(call, value, axis, picked);
  if (indices.shape.length === 1) return;
  const result = call.results[0]!;
  const x = call.activation(result);
  const gone = (each: number) => (each === axis ? -1 : each > axis ? each - 1 : each);
  call.alias({ ...x, shape: x.shape.filter((_, i) => i !== axis), order: x.order.map(gone) });
}

/** Elements of one axis by index, of the file's shape. */
export function picks(
  call: NodeCall,
  value: Known,
  axis: number,
  picked: readonly number[],
  what?: string,
): void {
  const step = picked.length > 1 ? picked[1] - picked[0] : 1;
  const isEven = step !== 0 && picked.every((index, i) => index === picked[0] + i * step);
  if (isEven) {
    const range = { axis, start: picked[0], size: picked.length, step };
    const whole = step === 1 && picked.length === shapeOf(value)[axis];
    return sliced(call, value, whole ? [] : [range], what);
  }
  const x = call.withAxes(value, [axis]);
  const at = call.own(`${what ?? 'picked'}/indices`, 'weight', tensor('int32', [picked.length], [...picked]));
  const id: Id = call.emit(gather, { axis: x.order.indexOf(axis) }, [x.id, at], what);
  call.result(id, x.order, { shape: x.shape.map((dim, i) => (i === axis ? picked.length : dim)) });
}

const expand: OpReader = (call) => {
  const value = call.operand(0);
  const from = shapeOf(value);
  const told = dimsOf(call.constant(1, 'a shape'));
  const rank = Math.max(from.length, told.length);
  const shift = rank - from.length;
  const aligned = identity(rank).map((axis): Dim => (axis < shift ? 1 : from[axis - shift]));
  const wanted = identity(rank).map((axis): Dim => told[axis - (rank - told.length)] ?? 1);
  const multiples = aligned.map((dim, axis): number => {
    const to = wanted[axis];
    if (to === dim || to === 1) return 1;
    if (to === 'batch' || dim === 'batch')
      throw new BatchMixed(call.where, 'a value is repeated for each example');
    if (dim !== 1) throw call.invalid(`[${from.join(', ')}] to [${told.join(', ')}]`);
    return to;
  });
  repeated(call, value, aligned, multiples);
};

const tileReader: OpReader = (call) => {
  const value = call.operand(0);
  const from = shapeOf(value);
  const multiples = call.numbers(1, 'repeats');
  if (multiples.length !== from.length || multiples.some((n) => !Number.isSafeInteger(n) || n < 1))
    throw call.invalid(`repeats [${multiples.join(', ')}] of [${from.join(', ')}]`);
  if (from.some((dim, axis) => dim === 'batch' && multiples[axis] !== 1))
    throw new BatchMixed(call.where, 'examples are repeated');
  repeated(call, value, from, multiples);
};

/** A value repeated along axes, after axes of extent 1 came in front of its shape. */
function repeated(call: NodeCall, value: Known, aligned: readonly Dim[], multiples: readonly number[]): void {
  const own = call.graph.unscrambled(call.activation(value));
  const shift = aligned.length - own.shape.length;
  const moved: Activation = {
    ...own,
    shape: aligned,
    order: own.order.map((axis) => (axis < 0 ? -1 : axis + shift)),
  };
  const axes = multiples.flatMap((times, axis) => (times > 1 ? [axis] : []));
  if (axes.length === 0) return call.alias(moved);
  const x = call.withAxes(moved, axes);
  const shape = aligned.map((dim, axis): Dim => (multiples[axis] > 1 ? Number(dim) * multiples[axis] : dim));
  const longest = Math.max(...shape.map((dim) => (dim === 'batch' ? 1 : dim)));
  if (!(longest <= largestExtent)) throw call.invalid(`an axis of ${longest}`);
  const times = x.order.map((axis) => (axis < 0 ? 1 : multiples[axis]));
  call.result(call.emit(tile, { multiples: times }, [x.id]), x.order, { shape });
}

export const selectionReaders: OpReaders = {
  Concat: concatReader,
  Split: splitReader,
  Slice: sliceReader,
  Gather: gatherReader,
  Expand: expand,
  Tile: tileReader,
};
