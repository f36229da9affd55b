import { batchMatmul, broadcastShape, dense, float32, permuteAxes, take, tensor } from '@whittle/core';
import type { Dim, Id, Tensor } from '@whittle/core';
import type { Known, NodeCall } from '../graph/node-call.js';
import { identity, range, sameNumbers } from '../values/order.js';
import { scrambledIndices, shapeOf } from '../values/value.js';
import type { Activation, Constant, Scramble } from '../values/value.js';
import { binaryOf } from './binary.js';
import type { OpReaders } from './op-reader.js';

const none = { activation: 'none' } as const;

/** alpha A B + beta C. */
function gemm(call: NodeCall): void {
  const { attributes } = call;
  const [a, b] = [call.operand(0), call.operand(1)];
  call.expectFloat(a, b);
  if (call.rank(0) !== 2 || call.rank(1) !== 2) throw call.invalid('operands that are no matrices');
  const [alpha, beta] = [attributes.float('alpha', 1), attributes.float('beta', 1)];
  const [transA, transB] = [attributes.flag('transA'), attributes.flag('transB')];
  const c = call.has(2) && beta !== 0 ? call.operand(2) : undefined;
  const x = transA ? transposed(a) : a;
  if (b.kind === 'activation' || x.kind === 'constant') {
    const name = c || alpha !== 1 ? 'product' : undefined;
    product(call, x, transB ? transposed(b) : b, name);
    if (alpha !== 1) times(call, alpha, c ? 'scaled' : undefined);
  } else {
    const columns = b.tensor.shape[transB ? 0 : 1];
    const isBias = c?.kind === 'constant' && isVector(c.tensor, columns);
    const bias = isBias ? [biasParameter(call, c, columns, beta)] : [];
    const how = `dense ${transB} ${alpha}`;
    denseOf(call, x, b, bias, how, c && !isBias ? 'product' : undefined, (t) =>
      scaled(transB ? permuteAxes(t, [1, 0]) : t, alpha),
    );
    if (isBias) return;
  }
  if (!c) return;
  const sum = call.results[0]!;
  if (beta !== 1) {
    const factor: Constant = { kind: 'constant', name: `${call.name()}/beta`, tensor: float32([1], [beta]) };
    binaryOf(call, 'mul', c, factor, 'offset');
    return binaryOf(call, 'add', sum, call.results[0]!);
  }
  binaryOf(call, 'add', sum, c);
}

function times(call: NodeCall, factor: number, what?: string): void {
  const by: Constant = { kind: 'constant', name: `${call.name()}/alpha`, tensor: float32([1], [factor]) };
  binaryOf(call, 'mul', call.results[0]!, by, what);
}

/** A matrix with its axes exchanged, without nodes. */
function transposed(value: Known): Known {
  const swap = [1, 0];
  if (value.kind === 'constant')
    return {
      ...value,
      name: `${value.name}/transposed`,
      tensor: permuteAxes(value.tensor, swap),
      batch: undefined,
    };
  const scramble: Scramble | undefined = value.scramble && {
    ...value.scramble,
    axis: 1 - value.scramble.axis,
  };
  return {
    ...value,
    shape: [value.shape[1], value.shape[0]],
    order: value.order.map((axis) => (axis < 0 ? -1 : 1 - axis)),
    scramble,
  };
}

function isVector({ shape, data }: Tensor, columns: number): boolean {
  return data.length === 1 || (data.length === columns && shape[shape.length - 1] === columns);
}

function biasParameter(call: NodeCall, c: Constant, columns: number, beta: number): Id {
  return call.parameter(c, 'bias', `bias ${columns} ${beta}`, ({ data }) =>
    float32(
      [columns],
      Float32Array.from({ length: columns }, (_, i) => beta * Number(data[data.length === 1 ? 0 : i])),
    ),
  );
}

function scaled(value: Tensor, factor: number): Tensor {
  return factor === 1
    ? value
    : float32(
        value.shape,
        Float32Array.from(value.data as Float32Array, (x) => factor * x),
      );
}

/**
 * A product with a known matrix: a dense layer over the last axis. Where indices of that axis are stored in another order, as
 * those of a flattened image are, the weight's rows are put in that order.
 */
function denseOf(
  call: NodeCall,
  a: Activation,
  b: Constant,
  bias: readonly Id[],
  how: string,
  what: string | undefined,
  arrange: (value: Tensor) => Tensor,
): void {
  const inner = a.shape.length - 1;
  const x = innermost(call, a, inner);
  const rows = x.scramble;
  const weight = call.parameter(b, 'weight', `${how} ${JSON.stringify(rows)}`, (t) =>
    rows ? take(arrange(t), 0, scrambledIndices(rows)) : arrange(t),
  );
  const [from, to] = call.graph.typeOf(weight).shape;
  if (from !== a.shape[inner])
    throw call.invalid(`a matrix of ${from} rows for a value of shape [${a.shape.join(', ')}]`);
  const product = call.emit(dense, none, [x.id, weight, ...bias], what);
  call.result(product, x.order, { shape: [...a.shape.slice(0, -1), Number(to)] });
}

/** A value with an axis stored last, and at least one before; only that axis may stay scrambled. */
function innermost(call: NodeCall, a: Activation, axis: number): Activation {
  const x = a.scramble && a.scramble.axis !== axis ? call.graph.unscrambled(a) : a;
  const last = x.order[x.order.length - 1];
  if (last === axis && x.order.length > 1) {
    // Of a batch of vectors nothing but the batch stays before the vector.
    if (a.shape.length > 2 || x.order.length === 2) return x;
    const id = call.reshape(x.id, [x.shape[0], x.shape[1]]);
    return { ...x, id, order: [0, 1] };
  }
  const rest = x.order.filter((each) => each !== axis && each >= 0);
  const order = [...(rest.length > 0 ? rest : [-1]), axis];
  if (!x.scramble || last !== axis) return call.reordered(x, order);
  return {
    ...x,
    id: call.reshape(
      x.id,
      order.map((each) => (each < 0 ? 1 : x.shape[each])),
    ),
    order,
  };
}

function matmul(call: NodeCall): void {
  const [a, b] = [call.operand(0), call.operand(1)];
  call.expectFloat(a, b);
  if (call.rank(0) < 2 || call.rank(1) < 2) return vectorProduct(call, a, b);
  if (b.kind === 'constant' && b.tensor.shape.length === 2 && a.kind === 'activation')
    return denseOf(call, a, b, [], 'dense false 1', undefined, (t) => t);
  product(call, a, b);
}

/** A product with a vector: it is a matrix of one row or column. */
function vectorProduct(call: NodeCall, a: Known, b: Known): void {
  const [m, n] = [call.rank(0), call.rank(1)];
  const left = m === 1 ? withAxis(a, 0) : a;
  const right = n === 1 ? withAxis(b, 1) : b;
  product(call, left, right);
  const result = call.results[0] as Activation;
  const gone = [...(m === 1 ? [result.shape.length - 2] : []), ...(n === 1 ? [result.shape.length - 1] : [])];
  const kept = range(0, result.shape.length).filter((axis) => !gone.includes(axis));
  call.alias({
    ...result,
    shape: kept.map((axis) => result.shape[axis]),
    order: result.order.map((axis) => kept.indexOf(axis)),
  });
}

/** A vector as a matrix: of one row (axis 0) or one column (axis 1). */
function withAxis(value: Known, at: 0 | 1): Known {
  const insert = <T>(list: readonly T[], one: T) => (at === 0 ? [one, ...list] : [...list, one]);
  if (value.kind === 'constant') {
    const { dtype, shape, data } = value.tensor;
    return { ...value, name: `${value.name}/matrix${at}`, tensor: tensor(dtype, insert(shape, 1), data) };
  }
  const order = value.order.map((axis) => (axis < 0 ? -1 : axis + (at === 0 ? 1 : 0)));
  return { ...value, shape: insert<Dim>(value.shape, 1), order, scramble: undefined };
}

/** A product of two values' matrices, the last two axes; a transpose that exchanges these is part of the product. */
function product(call: NodeCall, a: Known, b: Known, what?: string): void {
  const [x, y] = [a, b].map((value) => matrices(call, value));
  const attributes = { transposeA: x.isTransposed, transposeB: y.isTransposed };
  const id = call.emit(batchMatmul, attributes, [x.id, y.id], what);
  const [m, n] = [shapeOf(a), shapeOf(b)];
  const around = broadcastShape({ name: call.where }, m.slice(0, -2), n.slice(0, -2));
  const shape = [...around, m[m.length - 2], n[n.length - 1]];
  call.result(id, identity(shape.length), { shape });
}

function matrices(call: NodeCall, value: Known): { readonly id: Id; readonly isTransposed: boolean } {
  const rank = shapeOf(value).length;
  const straight = identity(rank);
  const crossed = [...range(0, rank - 2), rank - 1, rank - 2];
  const isTransposed = value.kind === 'activation' && !value.scramble && sameNumbers(value.order, crossed);
  return { id: call.stored(value, isTransposed ? crossed : straight), isTransposed };
}

export const matrixProductReaders: OpReaders = { Gemm: gemm, MatMul: matmul };
