import { concrete, gather, permuteAxes, select, sizeOf, tensor } from '@whittle/core';
import type { AxisIndices, Dim, Tensor } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import type { NodeCall } from '../graph/node-call.js';
import { sliceRanges, splitSizes } from '../ops/selection.js';
import { elementTypeName, elementTypes } from '../tensors/element-types.js';
import { readTensor } from '../tensors/read-tensor.js';
import { identity, range, sameNumbers } from '../values/order.js';
import { shapeOf } from '../values/value.js';
import type { Constant } from '../values/value.js';
import { element, foldArithmetic, foldsArithmetic, foldWhere, leastOperands } from './arithmetic.js';
import { dequantized, quantized } from './quantization.js';
import {
  claimShape,
  dimsOf,
  expectNoBatch,
  flagged,
  flagsOf,
  knownDims,
  knownMoved,
  tensorOf,
} from './known-values.js';

/** Says what results are where operands are known, or needn't be. */
type Fold = (call: NodeCall, values: readonly Constant[]) => void;

/** What is known whatever the operands are. */
const always: Readonly<Record<string, (call: NodeCall) => void>> = {
  Constant(call) {
    const { attributes } = call;
    const value = attributes.tensor('value');
    if (value) return call.known(readTensor(value, call.where, call.external));
    if (attributes.has('value_float'))
      return call.known(tensorOf('float32', [], [attributes.float('value_float', 0)]));
    if (attributes.has('value_int'))
      return call.known(tensorOf('int64', [], [attributes.int('value_int', 0)]));
    const floats = attributes.floats('value_floats');
    if (floats && attributes.has('value_floats'))
      return call.known(tensorOf('float32', [floats.length], floats));
    const ints = attributes.ints('value_ints');
    if (ints) return call.known(tensorOf('int64', [ints.length], ints));
    throw call.unsupported('no value that is a tensor of numbers');
  },
  Shape(call) {
    const shape = shapeOf(call.operand(0));
    const bound = (name: string, otherwise: number) => {
      const at = call.attributes.int(name, otherwise);
      return Math.min(Math.max(at < 0 ? at + shape.length : at, 0), shape.length);
    };
    knownDims(call, shape.slice(bound('start', 0), bound('end', shape.length)));
  },
  Size(call) {
    const shape = shapeOf(call.operand(0));
    const size = sizeOf(concrete(shape));
    if (shape.includes('batch') && size !== 1)
      throw new BatchMixed(call.where, 'the size of the batch counts');
    knownDims(call, [shape.includes('batch') ? 'batch' : size], []);
  },
};

const byIndex = (call: NodeCall, value: Constant, indices: AxisIndices, i = 0) => {
  claimShape(
    call,
    value.tensor.shape.map((dim, axis) => indices[axis]?.length ?? dim),
  );
  knownMoved(call, value, (t) => select(t, indices), i);
};

const whenKnown: Readonly<Record<string, Fold>> = {
  ConstantOfShape(call, [shape]) {
    expectNoBatch(call, shape);
    const dims = dimsOf(shape) as number[];
    claimShape(call, dims);
    const told = call.attributes.tensor('value');
    const value = told ? readTensor(told, call.where, call.external) : tensorOf('float32', [1], [0]);
    const filled = tensor(value.dtype, dims);
    filled.data.fill((value.data[0] ?? 0) as never);
    call.known(filled);
  },
  Range(call, values) {
    expectNoBatch(call, ...values);
    const [start, limit, delta] = values.map(({ tensor: { data } }) => Number(data[0]));
    const size = Math.max(0, Math.ceil((limit - start) / delta));
    claimShape(call, [size]);
    const list = Array.from({ length: size }, (_, i) => start + i * delta);
    call.known(tensorOf(values[0].tensor.dtype, [size], list));
  },
  Cast(call, [value]) {
    const code = call.attributes.int('to', 0);
    const type = elementTypes.get(code);
    if (!type) throw call.unsupported(`a result of ${elementTypeName(code)}`);
    const { shape, data } = value.tensor;
    if (type.dtype === value.tensor.dtype) return call.known(value.tensor, value.batch);
    claimShape(call, shape);
    const cast = tensor(type.dtype, shape);
    for (let i = 0; i < data.length; i++) {
      const from = Number(data[i]);
      cast.data[i] = element(type.dtype, type.dtype === 'bool' ? (from ? 1 : 0) : from);
    }
    call.known(cast, value.batch);
  },
  Where: foldWhere,
  Concat(call, values) {
    const [first] = values;
    const axis = call.axis(call.attributes.int('axis', 1), first.tensor.shape.length);
    const shape = first.tensor.shape.map((dim, i) =>
      i === axis ? values.reduce((sum, { tensor: t }) => sum + t.shape[axis], 0) : dim,
    );
    if (values.some(({ tensor: t }) => t.shape.some((dim, i) => i !== axis && dim !== shape[i])))
      throw call.invalid('operands of several shapes');
    claimShape(call, shape);
    const joined = joinTensors(
      values.map((value) => value.tensor),
      axis,
      shape,
    );
    const flags = values.some(({ batch }) => batch?.size)
      ? joinTensors(values.map(flagsOf), axis, shape)
      : undefined;
    call.known(joined, flags && flagged(flags));
  },
  Gather(call, [value, indices]) {
    expectNoBatch(call, indices);
    const { shape } = value.tensor;
    const axis = call.axis(call.attributes.int('axis', 0), shape.length);
    const at = Array.from(indices.tensor.data as Int32Array, (i) =>
      Number(i) < 0 ? Number(i) + shape[axis] : Number(i),
    );
    if (at.some((i) => !(i >= 0 && i < shape[axis])))
      throw call.invalid(`indices [${at.slice(0, 8).join(', ')}] of ${shape[axis]}`);
    const picked = tensor('int32', indices.tensor.shape, at);
    claimShape(call, [...shape.slice(0, axis), ...picked.shape, ...shape.slice(axis + 1)]);
    const gathered = (t: Tensor) =>
      gather.evaluate({ name: call.where, attributes: { axis }, inputs: [t, picked] }, [t, picked])[0];
    knownMoved(call, value, gathered);
  },
  Slice(call, [value]) {
    const ranges = sliceRanges(call, value.tensor.shape);
    byIndex(
      call,
      value,
      ranges.map((each) => each && Array.from({ length: each.size }, (_, i) => each.start + i * each.step)),
    );
  },
  Split(call, [value]) {
    const axis = call.axis(call.attributes.int('axis', 0), value.tensor.shape.length);
    let start = 0;
    splitSizes(call, value.tensor.shape[axis]).forEach((size, i) => {
      const indices = value.tensor.shape.map((_, each) =>
        each === axis ? range(start, start + size) : undefined,
      );
      byIndex(call, value, indices, i);
      start += size;
    });
  },
  Transpose(call, [value]) {
    const { shape } = value.tensor;
    const permutation = call.attributes.ints('perm') ?? identity(shape.length).reverse();
    if (
      !sameNumbers(
        [...permutation].sort((a, b) => a - b),
        identity(shape.length),
      )
    )
      throw call.invalid(`perm [${permutation.join(', ')}] of a value of rank ${shape.length}`);
    knownMoved(call, value, (t) => permuteAxes(t, permutation));
  },
  Expand(call, [value, to]) {
    expectNoBatch(call, to);
    const own = value.tensor.shape;
    const told = dimsOf(to) as number[];
    const rank = Math.max(own.length, told.length);
    const aligned = [...new Array<number>(rank - own.length).fill(1), ...own];
    const wanted = [...new Array<number>(rank - told.length).fill(1), ...told];
    const indices = aligned.map((dim, axis) => {
      if (wanted[axis] === dim || wanted[axis] === 1) return undefined;
      if (dim !== 1) throw call.invalid(`[${own.join(', ')}] to [${told.join(', ')}]`);
      claimShape(call, [wanted[axis]]);
      return new Array<number>(wanted[axis]).fill(0);
    });
    claimShape(
      call,
      aligned.map((dim, axis) => indices[axis]?.length ?? dim),
    );
    knownMoved(call, value, (t) => select(tensor(t.dtype, aligned, t.data), indices));
  },
  Tile(call, [value, repeats]) {
    expectNoBatch(call, repeats);
    const { shape } = value.tensor;
    const times = dimsOf(repeats) as number[];
    claimShape(
      call,
      shape.map((dim, axis) => dim * (times[axis] ?? NaN)),
    );
    byIndex(
      call,
      value,
      shape.map((dim, axis) => Array.from({ length: dim * times[axis] }, (_, i) => i % dim)),
    );
  },
  ReduceProd: (call, values) => reduced(call, values[0], (a, b) => a * b, 1),
  ReduceSum: (call, values) => reduced(call, values[0], (a, b) => a + b, 0),
  ReduceMax: (call, values) => reduced(call, values[0], Math.max, -Infinity),
  ReduceMin: (call, values) => reduced(call, values[0], Math.min, Infinity),
  NonZero(call, [value]) {
    expectNoBatch(call, value);
    const { shape, data } = value.tensor;
    const rank = Math.max(1, shape.length);
    const found: number[][] = Array.from({ length: rank }, () => []);
    for (let i = 0; i < data.length; i++) {
      if (Number(data[i]) === 0) continue;
      let rest = i;
      for (let axis = rank - 1; axis >= 0; axis--) {
        const extent = shape[axis] ?? 1;
        found[axis].push(rest % extent);
        rest = Math.floor(rest / extent);
      }
    }
    claimShape(call, [rank, found[0].length]);
    call.known(tensorOf('int64', [rank, found[0].length], found.flat()));
  },
  DequantizeLinear: dequantized,
  QuantizeLinear: quantized,
};

/** How many operands there must be, where that is more than one. */
const severalOperands: Readonly<Record<string, number>> = {
  Range: 3,
  Where: 3,
  Gather: 2,
  Expand: 2,
  Tile: 2,
  DequantizeLinear: 2,
  QuantizeLinear: 2,
};

/** Elements of whole tensors that are reduced to one. */
function reduced(
  call: NodeCall,
  value: Constant,
  step: (a: number, b: number) => number,
  initial: number,
): void {
  const { shape, dtype } = value.tensor;
  const axes = call.numbersOr(1, 'axes') ?? [];
  const wide = shape.filter((dim) => dim !== 1).length;
  if (axes.length > 0 && axes.length < shape.length && wide > 1)
    throw call.unsupported('some axes of a known value');
  const isOne = value.tensor.data.length === 1;
  if (!isOne) expectNoBatch(call, value);
  const total = Array.from(value.tensor.data as Float32Array, Number).reduce((a, b) => step(a, b), initial);
  const keep = call.attributes.flag('keepdims', true);
  const gone = axes.length > 0 ? axes.map((axis) => call.axis(axis, shape.length)) : identity(shape.length);
  const to: Dim[] = keep ? shape.map(() => 1) : shape.filter((_, axis) => !gone.includes(axis)).map(() => 1);
  call.known(tensorOf(dtype, to as number[], [total]), isOne ? value.batch : undefined);
}

function joinTensors(values: readonly Tensor[], axis: number, shape: readonly number[]): Tensor {
  const result = tensor(values[0].dtype, shape);
  const row = sizeOf(shape.slice(axis));
  const outer = sizeOf(shape.slice(0, axis));
  let at = 0;
  for (const value of values) {
    const width = sizeOf(value.shape.slice(axis));
    for (let o = 0; o < outer; o++)
      result.data.set(value.data.subarray(o * width, (o + 1) * width) as never, o * row + at);
    at += width;
  }
  return result;
}

/** Whether there is a way to compute an op's results where its operands are known. */
export function canFold(op: string): boolean {
  return Object.hasOwn(always, op) || Object.hasOwn(whenKnown, op) || foldsArithmetic(op);
}

/**
 * Computes a node's results now, where its operands are known: the shapes that exporters compute, and weights that are made of
 * others. False where it isn't one of these.
 * @throws FORMAT_INVALID, OP_UNSUPPORTED, BatchMixed
 */
export function foldNode(call: NodeCall): boolean {
  const { op, operands } = call;
  if (Object.hasOwn(always, op)) {
    always[op](call);
    return true;
  }
  const values: Constant[] = [];
  for (const value of operands) {
    if (value?.kind === 'activation') return false;
    if (value) values.push(value);
  }
  if (values.length === 0) return false;
  const isArithmetic = foldsArithmetic(op);
  if (!isArithmetic && !Object.hasOwn(whenKnown, op)) return false;
  const least = isArithmetic ? leastOperands(op) : (severalOperands[op] ?? 1);
  if (values.length < least) throw call.invalid(`${values.length} operands, expected ${least}`);
  if (isArithmetic) foldArithmetic(call, values);
  else whenKnown[op](call, values);
  return true;
}
