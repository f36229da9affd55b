import { tensor } from '@whittle/core';
import type { Dim } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import { dimsOf, knownMoved } from '../fold/known-values.js';
import type { NodeCall } from '../graph/node-call.js';
import { channelsLast, identity, range, sameNumbers, wideAxes } from '../values/order.js';
import { shapeOf } from '../values/value.js';
import type { Activation, Scramble } from '../values/value.js';
import { elements } from './reduction.js';
import type { OpReader, OpReaders } from './op-reader.js';

/** Axes of the file's shape before that become axes after, with equally many elements: the smallest such sets. */
interface Group {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Which axes become which, those of extent 1 left out. @throws BatchMixed where the batch isn't left as it is */
function groupsOf(call: NodeCall, from: readonly Dim[], to: readonly Dim[]): Group[] {
  const wide = (shape: readonly Dim[]) => shape.flatMap((dim, axis) => (dim === 1 ? [] : [axis]));
  const [a, b] = [wide(from), wide(to)];
  const groups: Group[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [startA, startB] = [i, j];
    const [p, q] = [from[a[i++]], to[b[j++]]];
    if (p === 'batch' || q === 'batch') {
      if (p !== q) throw new BatchMixed(call.where, `[${from.join(', ')}] becomes [${to.join(', ')}]`);
    } else {
      let [x, y] = [p, q];
      while (x !== y) {
        const next = x < y ? from[a[i++]] : to[b[j++]];
        if (next === 'batch' || next === undefined)
          throw new BatchMixed(call.where, `[${from.join(', ')}] becomes [${to.join(', ')}]`);
        if (x < y) x *= next;
        else y *= next;
      }
    }
    groups.push({ from: a.slice(startA, i), to: b.slice(startB, j) });
  }
  return groups;
}

/**
 * A value with another shape. Where the axes that come together lie beside one another, in order, nothing moves; several that
 * become one axis may lie in any order, which is remembered (`Scramble`); else they are transposed first.
 */
export function reshapeValue(call: NodeCall, value: Activation, to: readonly Dim[]): void {
  const restored = withoutScramble(call, value, to);
  if (restored) return call.result(restored.id, restored.order, { shape: to });
  const groups = groupsOf(call, value.shape, to);
  const keepsScramble =
    value.scramble && groups.find(({ from }) => sameNumbers(from, [value.scramble!.axis]));
  const kept = keepsScramble?.to.length === 1 ? keepsScramble : undefined;
  const plain = kept ? value : call.graph.unscrambled(value);
  const wide = wideAxes(plain.shape, plain.order);
  const isTogether = (axes: readonly number[]) => {
    const at = axes.map((axis) => wide.indexOf(axis));
    return Math.max(...at) - Math.min(...at) === axes.length - 1;
  };
  const isInOrder = ({ from }: Group) =>
    isTogether(from) && from.every((axis, i) => i === 0 || wide.indexOf(axis) > wide.indexOf(from[i - 1]));
  const disordered = groups.filter((group) => !isInOrder(group));
  if (kept && disordered.length > 0) return reshapeValue(call, call.graph.unscrambled(value), to);
  const [only] = disordered;
  const canScramble =
    disordered.length === 1 && only.to.length === 1 && isTogether(only.from) && !plain.scramble;
  const byPlace = [...groups].sort((a, b) => place(a) - place(b));
  function place({ from }: Group): number {
    return Math.min(...from.map((axis) => wide.indexOf(axis)));
  }
  let x = plain;
  if (disordered.length > 0 && !canScramble)
    x = call.reordered(
      plain,
      byPlace.flatMap(({ from }) => from),
    );
  const order = withNarrow(
    to,
    byPlace.flatMap((group) => group.to),
  );
  let scramble: Scramble | undefined;
  if (kept && value.scramble) scramble = { ...value.scramble, axis: kept.to[0] };
  else if (canScramble) {
    const stored = wide.filter((axis) => only.from.includes(axis));
    scramble = {
      axis: only.to[0],
      extents: only.from.map((axis) => Number(plain.shape[axis])),
      order: stored.map((axis) => only.from.indexOf(axis)),
    };
  }
  const id = call.graph.reshape(
    call.name(),
    x.id,
    order.map((axis) => to[axis]),
  );
  call.result(id, order, { shape: to, scramble });
}

/** Where a scrambled axis becomes the axes again of which it was made: the value they are of. */
function withoutScramble(
  call: NodeCall,
  value: Activation,
  to: readonly Dim[],
): { readonly id: string; readonly order: readonly number[] } | undefined {
  const { scramble, shape, order } = value;
  if (!scramble) return undefined;
  const { axis, extents } = scramble;
  const split = [...shape.slice(0, axis), ...extents, ...shape.slice(axis + 1)];
  const narrow = (dims: readonly Dim[]) => dims.filter((dim) => dim !== 1).join();
  if (narrow(split) !== narrow(to)) return undefined;
  const renumber = (each: number) => (each > axis ? each + extents.length - 1 : each);
  const parts = order.flatMap((each) =>
    each === axis ? scramble.order.map((i) => axis + i) : each < 0 ? [] : [renumber(each)],
  );
  const wideTo = to.flatMap((dim, i) => (dim === 1 ? [] : [i]));
  const wideSplit = split.flatMap((dim, i) => (dim === 1 ? [] : [i]));
  const target = withNarrow(
    to,
    parts.filter((each) => split[each] !== 1).map((each) => wideTo[wideSplit.indexOf(each)]),
  );
  const id = call.graph.reshape(
    call.name(),
    value.id,
    target.map((each) => to[each]),
  );
  return { id, order: target };
}

/** An order of all axes in which those with several elements are as told: channels last where that is one. */
function withNarrow(shape: readonly Dim[], wide: readonly number[]): number[] {
  for (const order of [channelsLast(shape.length), identity(shape.length)])
    if (sameNumbers(wideAxes(shape, order), wide)) return order;
  const narrow = range(0, shape.length).filter((axis) => shape[axis] === 1);
  return narrow[0] === 0 ? [...narrow, ...wide] : [...wide.slice(0, 1), ...narrow, ...wide.slice(1)];
}

const reshapeReader: OpReader = (call) => {
  const value = call.operand(0);
  const told = call.opset < 5 ? (call.attributes.ints('shape') ?? []) : dimsOf(call.constant(1, 'a shape'));
  const from = shapeOf(value);
  const copies = !call.attributes.flag('allowzero');
  const to = told.map((dim, i) => (dim === 0 && copies ? (from[i] ?? 0) : dim));
  const open = to.indexOf(-1);
  if (open >= 0) {
    const rest = to.filter((dim) => dim !== -1);
    const known = elements(rest);
    const missing = elements(from) / known;
    const batch = from.includes('batch') && !rest.includes('batch');
    if (!Number.isInteger(missing) || to.lastIndexOf(-1) !== open)
      throw call.invalid(`[${from.join(', ')}] to [${told.join(', ')}]`);
    if (batch && missing !== 1)
      throw new BatchMixed(call.where, `[${from.join(', ')}] becomes [${told.join(', ')}]`);
    to[open] = batch ? 'batch' : missing;
  }
  toShape(call, to);
};

/** The operand in another shape. @throws FORMAT_INVALID, BatchMixed */
function toShape(call: NodeCall, to: readonly Dim[]): void {
  const value = call.operand(0);
  const from = shapeOf(value);
  if (
    to.some((dim) => dim !== 'batch' && (!Number.isSafeInteger(dim) || dim < 0)) ||
    elements(to) !== elements(from)
  )
    throw call.invalid(`[${from.join(', ')}] to [${to.join(', ')}]`);
  if (value.kind === 'constant') {
    if (to.includes('batch')) throw new BatchMixed(call.where, 'a known value gets the batch as an axis');
    return knownMoved(call, value, (t) => tensor(t.dtype, to as number[], t.data));
  }
  if (from.includes('batch') !== to.includes('batch'))
    throw new BatchMixed(call.where, `[${from.join(', ')}] becomes [${to.join(', ')}]`);
  reshapeValue(call, value, to);
}

const flattenReader: OpReader = (call) => {
  const from = shapeOf(call.operand(0));
  const told = call.attributes.int('axis', 1);
  const axis = told < 0 ? told + from.length : told;
  if (axis < 0 || axis > from.length) throw call.invalid(`axis ${told} of a value of rank ${from.length}`);
  toShape(
    call,
    [from.slice(0, axis), from.slice(axis)].map((part): Dim => {
      const size = elements(part);
      if (!part.includes('batch')) return size;
      if (size === 1) return 'batch';
      throw new BatchMixed(call.where, `[${from.join(', ')}] flattened at ${axis}`);
    }),
  );
};

const squeeze: OpReader = (call) => {
  const value = call.operand(0);
  const from = shapeOf(value);
  const told = call.numbersOr(1, 'axes');
  const axes = told
    ? told.map((axis) => call.axis(axis, from.length))
    : from.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
  if (axes.some((axis) => from[axis] !== 1)) {
    if (axes.some((axis) => from[axis] === 'batch'))
      throw new BatchMixed(call.where, 'the batch is taken off');
    throw call.invalid(`axes [${axes.join(', ')}] of [${from.join(', ')}]`);
  }
  const kept = range(0, from.length).filter((axis) => !axes.includes(axis));
  relabel(
    call,
    kept.map((axis) => from[axis]),
    (axis) => kept.indexOf(axis),
  );
};

const unsqueeze: OpReader = (call) => {
  const from = shapeOf(call.operand(0));
  const told = call.numbersOr(1, 'axes') ?? [];
  const rank = from.length + told.length;
  if (rank > 16) throw call.invalid(`a value of rank ${rank}`);
  const axes = told.map((axis) => call.axis(axis, rank));
  if (new Set(axes).size !== axes.length) throw call.invalid(`axes [${told.join(', ')}]`);
  const kept = range(0, rank).filter((axis) => !axes.includes(axis));
  const shape = range(0, rank).map((axis): Dim => (axes.includes(axis) ? 1 : from[kept.indexOf(axis)]));
  relabel(call, shape, (axis) => kept[axis]);
};

/** The operand with axes of extent 1 taken off or put in: no node. */
function relabel(call: NodeCall, shape: readonly Dim[], to: (axis: number) => number): void {
  const value = call.operand(0);
  if (value.kind === 'constant')
    return knownMoved(call, value, (t) => tensor(t.dtype, shape as number[], t.data));
  const order = value.order.map((axis) => (axis < 0 ? -1 : to(axis)));
  const scramble = value.scramble && { ...value.scramble, axis: to(value.scramble.axis) };
  call.alias({ ...value, shape, order, scramble });
}

const transposeReader: OpReader = (call) => {
  const value = call.operand(0);
  const shape = shapeOf(value);
  const permutation = call.attributes.ints('perm') ?? identity(shape.length).reverse();
  if (
    !sameNumbers(
      [...permutation].sort((a, b) => a - b),
      identity(shape.length),
    )
  )
    throw call.invalid(`perm [${permutation.join(', ')}] of a value of rank ${shape.length}`);
  if (value.kind === 'constant') throw call.invalid('a known value');
  const place = (axis: number) => (axis < 0 ? -1 : permutation.indexOf(axis));
  const scramble = value.scramble && { ...value.scramble, axis: place(value.scramble.axis) };
  call.alias({
    ...value,
    shape: permutation.map((axis) => shape[axis]),
    order: value.order.map(place),
    scramble,
  });
};

export const reshapeReaders: OpReaders = {
  Reshape: reshapeReader,
  Flatten: flattenReader,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transposeReader,
};
