import { concrete, mirrorPad, pad, sizeOf, tile, transpose } from '@whittle/core';
import type { Dim } from '@whittle/core';
import { BatchMixed } from '../../faults.js';
import { largestExtent } from '../node-call.js';
import type { NodeCall } from '../node-call.js';
import { shapeOf } from '../value.js';
import type { Operand } from '../value.js';
import type { OpReader, OpReaders } from './op-reader.js';

const moves = { moves: true } as const;

/** The shape that a node asks for: -1 is what is left. The batch stays where it is. */
function targetOf(call: NodeCall, from: readonly Dim[]): Dim[] {
  const wanted = call.dims(1, 'a shape');
  const open = wanted.filter((dim) => dim === -1).length;
  if (open > 1 || wanted.some((dim) => dim !== 'batch' && (dim < -1 || dim === 0)))
    throw call.invalid(`a shape of [${wanted.join(', ')}]`);
  if (open === 0) return wanted;
  const size = sizeOf(concrete(from));
  const rest = sizeOf(wanted.map((dim) => (dim === 'batch' || dim === -1 ? 1 : dim)));
  const isBatchLeft = from.includes('batch') && !wanted.includes('batch');
  if (size % rest !== 0) throw call.invalid(`[${from.join(', ')}] to [${wanted.join(', ')}]`);
  if (isBatchLeft && size !== rest) throw new BatchMixed(call.name, 'a shape that mixes examples');
  return wanted.map((dim) => (dim === -1 ? (isBatchLeft ? 'batch' : size / rest) : dim));
}

const reshapedTo: OpReader = (call) => {
  const x = call.operand(0);
  const from = shapeOf(x);
  const target = targetOf(call, from);
  const sameBatch = from.indexOf('batch') === target.indexOf('batch');
  if (!sameBatch) throw new BatchMixed(call.name, `[${from.join(', ')}] to [${target.join(', ')}]`);
  return call.reshaped(x, target);
};

const squeezed: OpReader = (call) => {
  const x = call.operand(0);
  const shape = shapeOf(x);
  const key = call.attributes.has('squeeze_dims') ? 'squeeze_dims' : 'axis';
  const axes = call.attributes.integers(key).map((axis) => call.axis(axis, shape.length));
  const gone = axes.length > 0 ? axes : shape.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
  const wrong = gone.find((axis) => shape[axis] !== 1);
  if (wrong !== undefined && shape[wrong] === 'batch')
    throw new BatchMixed(call.name, 'the batch is left out');
  if (wrong !== undefined) throw call.invalid(`axis ${wrong} of [${shape.join(', ')}] is not 1`);
  return call.reshaped(
    x,
    shape.filter((_, axis) => !gone.includes(axis)),
  );
};

const expanded: OpReader = (call) => {
  const x = call.operand(0);
  const shape = shapeOf(x);
  const axis = call.axis(call.integer(1, 'an axis'), shape.length + 1);
  return call.reshaped(x, [...shape.slice(0, axis), 1, ...shape.slice(axis)]);
};

const transposedTo: OpReader = (call) => {
  const x = call.operand(0);
  const permutation = call.integers(1, 'an order of axes').map((axis) => call.axis(axis, call.rank(x)));
  if (new Set(permutation).size !== call.rank(x) || permutation.length !== call.rank(x))
    throw call.invalid(`an order of [${permutation.join(', ')}] of ${call.rank(x)} axes`);
  if (permutation.every((axis, i) => axis === i)) return x;
  if (shapeOf(x)[0] === 'batch' && permutation[0] !== 0)
    throw new BatchMixed(call.name, 'the batch is moved');
  return call.apply(transpose, { permutation: permutation as [number] }, [x], moves);
};

/** Margins [before, after] of each axis. */
function marginsOf(call: NodeCall, x: Operand): [number, number][] {
  const flat = call.integers(1, 'margins');
  const isMargin = (margin: number) => margin >= 0 && margin <= largestExtent;
  if (flat.length !== 2 * call.rank(x) || !flat.every(isMargin))
    throw call.invalid(`margins of ${flat.length / 2} axes`);
  const margins = shapeOf(x).map((_, axis): [number, number] => [flat[2 * axis], flat[2 * axis + 1]]);
  shapeOf(x).forEach((dim, axis) => {
    if (dim === 'batch' && margins[axis].some((margin) => margin > 0))
      throw call.invalid('margins of the batch');
  });
  return margins;
}

const padded: OpReader = (call) => {
  const x = call.operand(0);
  const paddings = marginsOf(call, x);
  if (paddings.flat().every((margin) => margin === 0)) return x;
  return call.apply(pad, { paddings, value: padValue(call) }, [x]);
};

function padValue(call: NodeCall): number {
  if (call.values.length < 3) return call.attributes.number('constant_value', 0);
  const { tensor: value } = call.known(2, 'a number');
  const number = Number(value.data[0]);
  if (value.data.length !== 1 || !Number.isFinite(number))
    throw call.invalid('what margins hold is no number');
  return number;
}

const mirrored: OpReader = (call) => {
  const x = call.operand(0);
  const paddings = marginsOf(call, x);
  const mode = call.attributes.text('mode', 'reflect');
  if (mode !== 'reflect' && mode !== 'symmetric') throw call.invalid(`mode ${mode}`);
  if (paddings.flat().every((margin) => margin === 0)) return x;
  return call.apply(mirrorPad, { paddings, mode }, [x]);
};

const tiled: OpReader = (call) => {
  const x = call.operand(0);
  return repeated(call, x, call.integers(1, 'multiples'));
};

function repeated(call: NodeCall, x: Operand, multiples: readonly number[]): Operand {
  const shape = concrete(shapeOf(x));
  if (
    multiples.length !== shape.length ||
    multiples.some((times, i) => times < 1 || times * shape[i] > largestExtent)
  )
    throw call.invalid(`multiples of [${multiples.join(', ')}]`);
  if (multiples.every((times) => times === 1)) return x;
  if (shapeOf(x)[0] === 'batch' && multiples[0] !== 1)
    throw new BatchMixed(call.name, 'examples are repeated');
  return call.apply(tile, { multiples: [...multiples] }, [x], moves);
}

/** A value in a larger shape, repeated along axes of extent 1. */
const broadcast: OpReader = (call) => {
  const x = call.operand(0);
  const wanted = call.dims(1, 'a shape');
  const rank = wanted.length - call.rank(x);
  if (rank < 0) throw call.invalid(`[${shapeOf(x).join(', ')}] to [${wanted.join(', ')}]`);
  const shape: Dim[] = [...new Array<Dim>(rank).fill(1), ...shapeOf(x)];
  if (wanted.includes('batch') && !shape.includes('batch'))
    throw new BatchMixed(call.name, 'a value is repeated for each example');
  const aligned = call.reshaped(x, shape, 'aligned');
  const multiples = wanted.map((dim, axis) => {
    if (dim === shape[axis]) return 1;
    if (shape[axis] === 'batch') throw new BatchMixed(call.name, 'a shape for a number of examples');
    if (shape[axis] !== 1 || dim === 'batch')
      throw call.invalid(`[${shape.join(', ')}] to [${wanted.join(', ')}]`);
    return dim;
  });
  return repeated(call, aligned, multiples);
};

export const shapeReaders: OpReaders = {
  Reshape: reshapedTo,
  Squeeze: squeezed,
  ExpandDims: expanded,
  Transpose: transposedTo,
  Pad: padded,
  PadV2: padded,
  MirrorPad: mirrored,
  Tile: tiled,
  BroadcastTo: broadcast,
};
