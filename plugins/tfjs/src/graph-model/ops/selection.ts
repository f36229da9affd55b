import { concat, gather, slice, split, tensor } from '@whittle/core';
import type { AxisRange, Dim } from '@whittle/core';
import { BatchMixed } from '../../faults.js';
import type { NodeCall } from '../node-call.js';
import { shapeOf } from '../value.js';
import type { Known, Operand } from '../value.js';
import { emptyPart, emptyValue } from './empty.js';
import { alongAxes } from './first-axis.js';
import type { OpReader, OpReaders } from './op-reader.js';
import { stridedSlice } from './strided-slice.js';

const moves = { moves: true } as const;
/** Nodes with more parts are taken for damage. */
const mostParts = 4096;

/** Parts along an axis, whole where the others are empty. */
export function joined(call: NodeCall, parts: readonly Operand[], axis: number): Operand {
  const filled = parts.filter((part) => !shapeOf(part).includes(0));
  if (filled.length === 0) throw call.unsupported('empty values');
  if (filled.length === 1) return filled[0];
  return alongAxes(call, filled, [axis], (values, [at], suffix) => [
    call.apply(concat, { axis: at }, values, { ...moves, suffix }),
  ])[0];
}

const concatenated =
  (axisAt: number): OpReader =>
  (call) => {
    const parts = call.operands.slice(axisAt === 0 ? 1 : 0, axisAt === 0 ? undefined : -1);
    if (parts.length === 0) throw call.invalid('no inputs');
    return joined(call, parts, call.axis(call.integer(axisAt, 'an axis'), call.rank(parts[0])));
  };

/** Values as one with another axis. */
const packed: OpReader = (call) => {
  const parts = call.operands;
  if (parts.length === 0) throw call.invalid('no inputs');
  const axis = call.axis(call.attributes.integer('axis', 0), call.rank(parts[0]) + 1);
  const wider = parts.map((part, i) => {
    const shape = shapeOf(part);
    return call.reshaped(part, [...shape.slice(0, axis), 1, ...shape.slice(axis)], `part_${i}`);
  });
  return joined(call, wider, axis);
};

function parted(call: NodeCall, x: Operand, axis: number, sizes: readonly number[]): Operand[] {
  if (sizes.length === 1) return [x];
  return call.graph.apply(call.name, split, { axis, sizes: sizes as [number, ...number[]] }, [x], moves);
}

const unpacked: OpReader = (call) => {
  const x = call.operand(0);
  const shape = shapeOf(x);
  const axis = call.axis(call.attributes.integer('axis', 0), shape.length);
  const extent = call.extent(x, axis);
  if (extent > mostParts) throw call.invalid(`${extent} parts`);
  const to: Dim[] = shape.filter((_, i) => i !== axis);
  const parts = parted(call, x, axis, new Array<number>(extent).fill(1));
  return parts.map((part, i) => call.reshaped(part, to, `unpacked_${i}`));
};

const splitEvenly: OpReader = (call) => {
  const x = call.operand(1);
  const axis = call.axis(call.integer(0, 'an axis'), call.rank(x));
  const count = call.attributes.integer('num_split', 1);
  const extent = call.extent(x, axis);
  if (count < 1 || count > mostParts || extent % count !== 0)
    throw call.invalid(`${count} parts of ${extent}`);
  return parted(call, x, axis, new Array<number>(count).fill(extent / count));
};

const splitUnevenly: OpReader = (call) => {
  const x = call.operand(0);
  const axis = call.axis(call.integer(2, 'an axis'), call.rank(x));
  const told = call.integers(1, 'sizes');
  const extent = call.extent(x, axis);
  const rest = extent - told.reduce((sum, size) => sum + Math.max(size, 0), 0);
  const sizes = told.map((size) => (size === -1 ? rest : size));
  if (sizes.length === 0 || sizes.some((size) => size < 1))
    throw call.invalid(`parts of ${sizes.join(', ')}`);
  return parted(call, x, axis, sizes);
};

const sliced: OpReader = (call) => {
  const x = call.operand(0);
  const shape = shapeOf(x);
  const [begin, sizes] = [call.integers(1, 'a start'), call.dims(2, 'a size')];
  if (begin.length !== shape.length || sizes.length !== shape.length)
    throw call.invalid(
      `starts and sizes of ${begin.length} and ${sizes.length} axes, expected ${shape.length}`,
    );
  const ranges = shape.flatMap((dim, axis): AxisRange[] => {
    const [start, size] = [begin[axis], sizes[axis]];
    if (start === 0 && (size === -1 || size === dim)) return [];
    if (dim === 'batch' || size === 'batch') throw new BatchMixed(call.name, 'a part of the batch');
    return [{ axis, start, size: size === -1 ? dim - start : size, step: 1 }];
  });
  if (ranges.some(({ size }) => size === 0)) {
    const cut = shape.map((dim, axis) => ranges.find((range) => range.axis === axis)?.size ?? dim);
    return emptyPart(call, x, cut);
  }
  return ranges.length > 0 ? call.apply(slice, { ranges }, [x], moves) : x;
};

/** Entries along an axis. Constant indices may count from the back. */
const gathered: OpReader = (call) => {
  if (call.attributes.integer('batch_dims', 0) !== 0) throw call.unsupported('batch_dims');
  const [x, indices] = [call.operand(0), call.operand(1)];
  const axis = call.axis(call.values.length > 2 ? call.integer(2, 'an axis') : 0, call.rank(x));
  const extent = call.extent(x, axis);
  if (emptyValue(indices)) {
    const around = [shapeOf(x).slice(0, axis), shapeOf(x).slice(axis + 1)];
    return emptyPart(call, x, [...around[0], ...shapeOf(indices), ...around[1]]);
  }
  const picked = indices.kind === 'known' ? knownIndices(call, indices, extent) : indices;
  return call.apply(gather, { axis }, [x, picked], moves);
};

function knownIndices(call: NodeCall, indices: Known, extent: number): Known {
  if (indices.batch) throw new BatchMixed(call.name, 'an index that depends on the size of the batch');
  const list = Array.from(indices.tensor.data as Float32Array, (index) => Number(index));
  const counted = list.map((index) => (index < 0 ? index + extent : index));
  if (counted.some((index) => !(Number.isInteger(index) && index >= 0 && index < extent)))
    throw call.invalid(`indices beyond the ${extent} entries`);
  return { kind: 'known', name: indices.name, tensor: tensor('int32', indices.tensor.shape, counted) };
}

const reversed: OpReader = (call) => {
  const x = call.operand(0);
  const axes = call.integers(1, 'axes').map((axis) => call.axis(axis, call.rank(x)));
  const ranges = axes.map((axis): AxisRange => {
    const size = call.extent(x, axis);
    return { axis, start: size - 1, size, step: -1 };
  });
  return ranges.length > 0 ? call.apply(slice, { ranges }, [x], moves) : x;
};

export const selectionReaders: OpReaders = {
  ConcatV2: concatenated(-1),
  Concat: concatenated(0),
  Pack: packed,
  Unpack: unpacked,
  Split: splitEvenly,
  SplitV: splitUnevenly,
  Slice: sliced,
  StridedSlice: stridedSlice,
  Gather: gathered,
  GatherV2: gathered,
  ReverseV2: reversed,
};
