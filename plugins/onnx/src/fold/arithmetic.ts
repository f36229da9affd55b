import {
  allocate,
  broadcastShape,
  concrete,
  erfOf,
  forEachBroadcast,
  roundHalfToEven,
  sizeOf,
  tensor,
} from '@whittle/core';
import type { DType, Tensor } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import type { NodeCall } from '../graph/node-call.js';
import { toInt64 } from '../tensors/read-tensor.js';
import type { Constant } from '../values/value.js';
import { claimShape } from './known-values.js';

type Binary = (a: number, b: number, isInteger: boolean) => number;

const truth = (holds: boolean) => (holds ? 1 : 0);

const binary: Readonly<Record<string, Binary>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b, isInteger) => (isInteger ? Math.trunc(a / b) : a / b),
  Pow: (a, b) => a ** b,
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
};

const compare: Readonly<Record<string, Binary>> = {
  Equal: (a, b) => truth(a === b),
  Less: (a, b) => truth(a < b),
  LessOrEqual: (a, b) => truth(a <= b),
  Greater: (a, b) => truth(a > b),
  GreaterOrEqual: (a, b) => truth(a >= b),
  And: (a, b) => truth(a !== 0 && b !== 0),
  Or: (a, b) => truth(a !== 0 || b !== 0),
  Xor: (a, b) => truth((a !== 0) !== (b !== 0)),
};

const unary: Readonly<Record<string, (x: number) => number>> = {
  Neg: (x) => -x,
  Abs: Math.abs,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Round: roundHalfToEven,
  Sign: Math.sign,
  Sqrt: Math.sqrt,
  Reciprocal: (x) => 1 / x,
  Exp: Math.exp,
  Log: Math.log,
  Sin: Math.sin,
  Cos: Math.cos,
  Erf: erfOf,
  Tanh: Math.tanh,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Relu: (x) => Math.max(x, 0),
  Not: (x) => truth(x === 0),
};

/** What leaves the size of the batch as it is. */
const keepsBatch = new Set(['Abs', 'Floor', 'Ceil', 'Round', 'Relu']);

export function foldsArithmetic(op: string): boolean {
  return op in binary || op in compare || op in unary;
}

/** How many operands such an op has at least. */
export function leastOperands(op: string): number {
  return op in unary || op === 'Max' || op === 'Min' ? 1 : 2;
}

/** The result of an element-wise op of known values, in their type. @throws BatchMixed */
export function foldArithmetic(call: NodeCall, values: readonly Constant[]): void {
  const { op } = call;
  if (op in unary) return foldUnary(call, values[0], unary[op]);
  const compares = op in compare;
  let folded = values[0];
  for (const next of values.slice(1))
    folded = foldBinary(call, folded, next, compare[op] ?? binary[op], compares);
  call.known(folded.tensor, folded.batch);
}

function foldUnary(call: NodeCall, value: Constant, apply: (x: number) => number): void {
  if (value.batch?.size && !keepsBatch.has(call.op)) throw mixed(call);
  const { dtype, shape, data } = value.tensor;
  claimShape(call, shape);
  const result = allocate(dtype, data.length);
  for (let i = 0; i < data.length; i++) result[i] = element(dtype, apply(Number(data[i])));
  call.known(tensor(dtype, shape, result), value.batch);
}

function foldBinary(call: NodeCall, a: Constant, b: Constant, combine: Binary, compares: boolean): Constant {
  const shape = concrete(broadcastShape({ name: call.where }, a.tensor.shape, b.tensor.shape));
  claimShape(call, shape);
  const dtype: DType = compares ? 'bool' : a.tensor.dtype;
  const isInteger = a.tensor.dtype !== 'float32';
  const data = allocate(dtype, sizeOf(shape));
  const batch = new Set<number>();
  forEachBroadcast(shape, a.tensor.shape, b.tensor.shape, (i, ia, ib) => {
    const [x, y] = [Number(a.tensor.data[ia]), Number(b.tensor.data[ib])];
    const [fromA, fromB] = [a.batch?.has(ia) ?? false, b.batch?.has(ib) ?? false];
    if (!fromA && !fromB) data[i] = element(dtype, combine(x, y, isInteger));
    else if (call.op === 'Equal') data[i] = truth(fromA && fromB) as never;
    else if (isNeutral(call.op, fromA ? undefined : x, fromB ? undefined : y)) {
      data[i] = element(dtype, 1);
      batch.add(i);
    } else throw mixed(call);
  });
  return { kind: 'constant', name: call.name(), tensor: tensor(dtype, shape, data), batch };
}

/** Whether a result is the batch where one operand is, the other being a number. */
function isNeutral(op: string, a: number | undefined, b: number | undefined): boolean {
  if (a !== undefined && b !== undefined) return false;
  const other = a ?? b;
  switch (op) {
    case 'Add':
      return other === 0;
    case 'Sub':
      return b === 0;
    case 'Mul':
      return other === 1;
    case 'Div':
      return b === 1;
    case 'Max':
      return other === undefined || other <= 1;
    default:
      return false;
  }
}

function mixed(call: NodeCall): BatchMixed {
  return new BatchMixed(call.where, `${call.op} computes with the size of the batch`);
}

/** A number as an element of a tensor. */
export function element(dtype: DType, value: number): never {
  return (dtype === 'int64' ? toInt64(value) : value) as never;
}

/** Elements of one of two tensors, by whether a third holds; see `Where`. */
export function foldWhere(call: NodeCall, [condition, a, b]: readonly Constant[]): void {
  if (condition.batch?.size) throw mixed(call);
  const name = { name: call.where };
  const shape = concrete(
    broadcastShape(name, broadcastShape(name, a.tensor.shape, b.tensor.shape), condition.tensor.shape),
  );
  claimShape(call, shape);
  const { dtype } = a.tensor;
  const data = allocate(dtype, sizeOf(shape));
  const batch = new Set<number>();
  const holds = new Uint8Array(data.length);
  forEachBroadcast(shape, condition.tensor.shape, [], (i, ic) => {
    holds[i] = Number(condition.tensor.data[ic]);
  });
  forEachBroadcast(shape, a.tensor.shape, b.tensor.shape, (i, ia, ib) => {
    const [from, at]: [Constant, number] = holds[i] ? [a, ia] : [b, ib];
    data[i] = from.tensor.data[at];
    if (from.batch?.has(at)) batch.add(i);
  });
  call.known(tensor(dtype, shape, data) as Tensor, batch);
}
