import { add, broadcastShape, div, maximum, minimum, mul, pow, sqrt, square, sub } from '@whittle/core';
import type { BinaryOp, Dim, Id } from '@whittle/core';
import { broadcastTensor } from '../graph/node-call.js';
import type { Known, NodeCall } from '../graph/node-call.js';
import { completeOrder, storedShape, wideAxes } from '../values/order.js';
import type { Order } from '../values/order.js';
import { sameScramble, shapeOf } from '../values/value.js';
import type { Activation, Scramble } from '../values/value.js';
import { elementwise } from './unary.js';
import type { OpReader, OpReaders } from './op-reader.js';

const none = { activation: 'none' } as const;
const ops = { add, sub, mul, div, pow, maximum, minimum } as const;

/** How the result of a binary op is stored: as the operand is of which more axes have several elements. */
interface Arrangement {
  readonly shape: readonly Dim[];
  readonly order: Order;
  readonly scramble?: Scramble;
}

/** An element-wise op of two values with broadcasting; the other operand is arranged as the larger one is. */
export function binaryOf(
  call: NodeCall,
  which: BinaryOp | keyof typeof ops,
  a: Known,
  b: Known,
  what?: string,
): void {
  const op = typeof which === 'string' ? ops[which] : which;
  call.expectFloat(a, b);
  const shape = broadcastShape({ name: call.where }, shapeOf(a), shapeOf(b));
  const to = arrangement(call, shape, a, b);
  const id = call.emit(op, none, [operand(call, a, to), operand(call, b, to)], what);
  call.result(id, to.order, { shape, scramble: to.scramble });
}

function arrangement(call: NodeCall, shape: readonly Dim[], a: Known, b: Known): Arrangement {
  const activations = [a, b].filter((value) => value.kind === 'activation');
  if (activations.length === 0) return arrangement(call, shape, call.activation(a), b);
  const [first, second] = activations;
  const wide = (value: Activation) => wideAxes(value.shape, value.order).length;
  const leader = second && wide(second) > wide(first) ? second : first;
  const other = leader === first ? second : first;
  const shift = shape.length - leader.shape.length;
  const keepsScramble =
    !other || (sameScramble(leader.scramble, other.scramble) && shape.length === other.shape.length);
  const stored = keepsScramble ? leader : call.graph.unscrambled(leader);
  const aligned = stored.order.map((axis) => (axis < 0 ? -1 : axis + shift));
  const own = [...new Array<Dim>(shift).fill(1), ...stored.shape];
  const isPlaced = shape.every((dim, axis) => dim === 1 || aligned.includes(axis));
  const order = isPlaced ? aligned : completeOrder(own, aligned);
  const scramble = stored.scramble && { ...stored.scramble, axis: stored.scramble.axis + shift };
  return { shape, order, ...(scramble && { scramble }) };
}

/** An operand, arranged so that it broadcasts where values are stored. */
function operand(call: NodeCall, value: Known, { shape, order, scramble }: Arrangement): Id {
  const rank = shape.length;
  if (value.kind === 'constant') {
    const how = `broadcast ${rank} ${order.join()} ${JSON.stringify(scramble)}`;
    return call.parameter(value, 'weight', how, (t) => broadcastTensor(t, rank, order, scramble));
  }
  const shift = rank - value.shape.length;
  const isWide = scramble !== undefined && value.scramble !== undefined;
  const aligned: Activation = {
    ...value,
    shape: [...new Array<Dim>(shift).fill(1), ...value.shape],
    order: value.order.map((axis) => (axis < 0 ? -1 : axis + shift)),
  };
  if (!isWide) return call.graph.stored(aligned, order);
  return call.reshape(value.id, storedShape(aligned.shape, order));
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
