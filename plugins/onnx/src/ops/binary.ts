import { add, div, maximum, minimum, mul, pow, sqrt, square, sub } from '@whittle/core';
import type { BinaryOp } from '@whittle/core';
import type { Known, NodeCall } from '../graph/node-call.js';
import { broadcastOf } from './broadcast.js';
import { elementwise } from './unary.js';
import type { OpReader, OpReaders } from './op-reader.js';

const none = { activation: 'none' } as const;
const ops = { add, sub, mul, div, pow, maximum, minimum } as const;

/** An element-wise op of two floats with broadcasting. */
export function binaryOf(
  call: NodeCall,
  which: BinaryOp | keyof typeof ops,
  a: Known,
  b: Known,
  what?: string,
): void {
  const op = typeof which === 'string' ? ops[which] : which;
  call.expectFloat(a, b);
  broadcastOf(call, op, none, [a, b], what);
}

function binary(op: keyof typeof ops): OpReader {
  return (call) => binaryOf(call, op, call.operand(0), call.operand(1));
}

/** Any number of operands, folded from the left. */
function nary(op: keyof typeof ops): OpReader {
  return (call) => foldOperands(call, op, false);
}

function foldOperands(call: NodeCall, op: keyof typeof ops, goesOn: boolean): void {
  const values = call.operands.map((_, i) => call.operand(i));
  if (values.length === 1) return call.alias(values[0]);
  let value = values[0];
  values.slice(1).forEach((next, i) => {
    const isLast = i === values.length - 2 && !goesOn;
    binaryOf(call, op, value, next, isLast ? undefined : `part_${i}`);
    value = call.results[0]!;
  });
}

const power: OpReader = (call) => {
  const exponent = call.operand(1);
  const single = exponent.kind === 'constant' && exponent.tensor.data.length === 1;
  const value = single ? Number(exponent.tensor.data[0]) : undefined;
  const isUnary = single && exponent.tensor.shape.length <= call.rank(0);
  if (isUnary && value === 1) return call.alias(call.operand(0));
  if (isUnary && value === 2) return elementwise((_, x) => call.emit(square, {}, [x]))(call);
  if (isUnary && value === 0.5) return elementwise((_, x) => call.emit(sqrt, {}, [x]))(call);
  if (single && exponent.tensor.dtype !== 'float32') {
    const tensor = { dtype: 'float32', shape: exponent.tensor.shape, data: Float32Array.of(value!) } as const;
    return binaryOf(call, 'pow', call.operand(0), { ...exponent, name: `${exponent.name}/float`, tensor });
  }
  binaryOf(call, 'pow', call.operand(0), exponent);
};

const average: OpReader = (call) => {
  const count = call.operands.length;
  if (count === 1) return call.alias(call.operand(0));
  foldOperands(call, 'add', true);
  const sum = call.results[0]!;
  const share = { kind: 'constant', name: `${call.name()}/share`, tensor: oneOver(count) } as const;
  binaryOf(call, 'mul', sum, share);
};

function oneOver(count: number) {
  return { dtype: 'float32', shape: [1], data: Float32Array.of(1 / count) } as const;
}

export const binaryReaders: OpReaders = {
  Add: binary('add'),
  Sub: binary('sub'),
  Mul: binary('mul'),
  Div: binary('div'),
  Pow: power,
  Min: nary('minimum'),
  Max: nary('maximum'),
  Sum: nary('add'),
  Mean: average,
};
