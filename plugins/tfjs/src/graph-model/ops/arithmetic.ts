import {
  abs,
  add,
  ceil,
  cos,
  div,
  elu,
  erf,
  exp,
  floor,
  floorMod,
  leakyRelu,
  log,
  logSoftmax,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  prelu,
  relu,
  relu6,
  round,
  rsqrt,
  scaledElu,
  SELU,
  sigmoid,
  sign,
  sin,
  softmax,
  softplus,
  sqrt,
  square,
  squaredDifference,
  sub,
  tanh,
} from '@whittle/core';
import type { BinaryAttributes, OpDefinition } from '@whittle/core';
import type { NodeCall } from '../node-call.js';
import { dtypeOf, shapeOf } from '../value.js';
import type { Operand, Value } from '../value.js';
import type { OpReader, OpReaders } from './op-reader.js';

/** Reads an op that treats each element alike; it may stand within a dilated convolution. */
function unary<A>(op: OpDefinition<A>, attributes: A): OpReader {
  return (call) => pointwise(call, (x) => call.apply(op, attributes, [expectReal(call, x)]));
}

/** Applies a function of single elements, also to an image that is cut up. */
export function pointwise(call: NodeCall, apply: (x: Operand) => Operand): Value {
  const value = call.value(0);
  if (value.kind !== 'spread') return apply(call.operand(0));
  const image = apply(value.image);
  if (image.kind !== 'computed') throw call.invalid('a known image');
  return { ...value, image };
}

/** @throws OP_UNSUPPORTED for integers that the model would compute with */
export function expectReal<T extends Operand>(call: NodeCall, value: T): T {
  if (value.kind === 'computed' && value.dtype !== 'float32')
    throw call.unsupported(`operands of ${value.dtype} that the model computes, expected float32`);
  return value;
}

function binary(op: OpDefinition<BinaryAttributes>): OpReader {
  return (call) => {
    const b = expectReal(call, call.operand(1));
    return pointwise(call, (a) => combine(call, op, expectReal(call, a), b));
  };
}

/** Arithmetic of two operands. The size of the batch times 1, plus 0 and so on stays known. */
export function combine(call: NodeCall, op: OpDefinition<BinaryAttributes>, a: Operand, b: Operand): Operand {
  for (const [x, y, neutral] of [
    [a, b, neutralRight.get(op)],
    [b, a, neutralLeft.get(op)],
  ] as const)
    if (x.kind === 'known' && x.batch && y.kind === 'known' && !y.batch && isAll(y, neutral)) return x;
  return call.binary(op, a, b);
}

const neutralRight = new Map<unknown, number>([
  [mul, 1],
  [div, 1],
  [add, 0],
  [sub, 0],
]);
const neutralLeft = new Map<unknown, number>([
  [mul, 1],
  [add, 0],
]);

function isAll(value: Operand, number: number | undefined): boolean {
  if (value.kind !== 'known' || value.tensor.data.length !== 1) return false;
  return Number(value.tensor.data[0]) === number;
}

function leaky(call: NodeCall): Value {
  const alpha = call.attributes.number('alpha', 0.2);
  if (alpha > 1) throw call.unsupported(`a slope of ${alpha}, expected at most 1`);
  return pointwise(call, (x) => call.apply(leakyRelu, { alpha }, [expectReal(call, x)]));
}

function clipped(call: NodeCall): Value {
  const bounds = [1, 2].map((i) => call.operand(i));
  const [low, high] = bounds.map((bound) => (isKnownScalar(bound) ? Number(bound.tensor.data[0]) : NaN));
  if (low === 0 && high === 6) return unary(relu6, {})(call) as Value;
  return pointwise(call, (x) => call.binary(minimum, call.binary(maximum, x, bounds[0], 'low'), bounds[1]));
}

function isKnownScalar(value: Operand): value is Extract<Operand, { kind: 'known' }> {
  return value.kind === 'known' && value.tensor.data.length === 1;
}

/** Rounded down: of integers too, which are known. */
function floorDivided(call: NodeCall): Operand {
  const [a, b] = [0, 1].map((i) => expectReal(call, call.operand(i)));
  const quotient = combine(call, div, asReal(a), asReal(b));
  if (quotient.kind === 'known' && quotient.batch) return quotient;
  const result = call.apply(floor, {}, [quotient]);
  return retyped(result, dtypeOf(a));
}

/** Known integers as real numbers, so that they are divided as such. */
function asReal(value: Operand): Operand {
  return retyped(value, 'float32');
}

function retyped(value: Operand, dtype: 'float32' | string): Operand {
  if (value.kind !== 'known' || value.tensor.dtype === dtype) return value;
  const numbers = Array.from(value.tensor.data as Float32Array, Number);
  const data = dtype === 'float32' ? Float32Array.from(numbers) : Int32Array.from(numbers);
  return {
    ...value,
    tensor: { dtype: dtype === 'float32' ? 'float32' : 'int32', shape: value.tensor.shape, data },
  };
}

/** Of integers the quotient is rounded down. */
const divided: OpReader = (call) => {
  const operands = [0, 1].map((i) => call.operand(i));
  return operands.every((operand) => dtypeOf(operand) === 'int32') ? floorDivided(call) : binary(div)(call);
};

const reciprocal: OpReader = (call) =>
  pointwise(call, (x) => call.binary(div, call.number(1, 'one'), expectReal(call, x)));

function preluOf(call: NodeCall): Value {
  return pointwise(call, (x) =>
    call.apply(prelu, {}, [x, call.operand(1)], { roles: [undefined, 'weight'] }),
  );
}

const addN: OpReader = (call) => {
  const [first, ...rest] = call.operands.map((operand) => expectReal(call, operand));
  if (!first) throw call.invalid('no inputs');
  return rest.reduce((sum, x, i) => call.sum(sum, x, i + 1 < rest.length ? `sum_${i}` : undefined), first);
};

/** The least normal number of float32 times this is 1. */
const largestPower = 2 ** 126;

/**
 * A quotient that is 0 where the divisor is: with d = |sign(b)|, d a / (b + (1 - d)). The sign is that of the divisor as far as
 * it is a normal number, by a product with its bounds: not all runtimes have a sign.
 */
const dividedOrZero: OpReader = (call) => {
  const [a, b] = [0, 1].map((i) => expectReal(call, call.operand(i)));
  const large = call.number(largestPower, 'large');
  const signs = call.apply(mul, { activation: 'relu_n1_to_1' }, [b, large], { suffix: 'sign' });
  const isOther = call.apply(abs, {}, [signs], { suffix: 'is_other' });
  const isZero = call.binary(sub, call.number(1, 'one'), isOther, 'is_zero');
  const quotient = call.binary(div, a, call.sum(b, isZero, 'divisor'), 'quotient');
  return call.product(quotient, isOther);
};

const lastAxis = (
  op: OpDefinition<{ beta: number }> | OpDefinition<object>,
  attributes: object,
): OpReader => {
  return (call) => {
    const x = expectReal(call, call.operand(0));
    if (shapeOf(x).length < 1) throw call.invalid('a single number');
    return call.apply(op as OpDefinition<object>, attributes, [x]);
  };
};

export const arithmeticReaders: OpReaders = {
  Abs: unary(abs, {}),
  Ceil: unary(ceil, {}),
  Cos: unary(cos, {}),
  Elu: unary(elu, {}),
  Erf: unary(erf, {}),
  Exp: unary(exp, {}),
  Floor: unary(floor, {}),
  LeakyRelu: leaky,
  Log: unary(log, {}),
  Neg: unary(neg, {}),
  Relu: unary(relu, {}),
  Relu6: unary(relu6, {}),
  Round: unary(round, {}),
  Rsqrt: unary(rsqrt, {}),
  Selu: unary(scaledElu, SELU),
  Sigmoid: unary(sigmoid, {}),
  Sign: unary(sign, {}),
  Sin: unary(sin, {}),
  Softplus: unary(softplus, {}),
  Sqrt: unary(sqrt, {}),
  Square: unary(square, {}),
  Tanh: unary(tanh, {}),
  Reciprocal: reciprocal,
  Prelu: preluOf,
  ClipByValue: clipped,
  Add: binary(add),
  AddV2: binary(add),
  AddN: addN,
  Sub: binary(sub),
  Mul: binary(mul),
  RealDiv: divided,
  Div: divided,
  DivNoNan: dividedOrZero,
  FloorDiv: floorDivided,
  FloorMod: binary(floorMod),
  Mod: binary(floorMod),
  Maximum: binary(maximum),
  Minimum: binary(minimum),
  Pow: binary(pow),
  SquaredDifference: binary(squaredDifference),
  Softmax: lastAxis(softmax as OpDefinition<{ beta: number }>, { beta: 1 }),
  LogSoftmax: lastAxis(logSoftmax, {}),
};
