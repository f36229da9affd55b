import * as core from '@whittle/core';
import type { BinaryOp, Id, OpDefinition, ReductionAttributes } from '@whittle/core';
import { unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import type { LayerReader } from '../graph/layer-reader.js';
import { activationFunctions, softmaxOver } from '../layers/activation-functions.js';
import { leaky } from '../layers/activation-layers.js';
import { transposeTo } from '../layers/shape.js';
import { choice, comparison, logic } from './comparisons.js';
import { argument, axesArgument, integer, integers, tensorArgument } from './arguments.js';
import {
  binary,
  castTo,
  clip,
  concatenate,
  expandDims,
  flip,
  reduction,
  reshapeWhole,
  squeeze,
  stack,
} from './functions.js';
import { indexed } from './indexing.js';

const x = (call: LayerCall): Id => tensorArgument(call, 0, 'x', 'inputs', 'xs');
const xs = (call: LayerCall): Id[] => call.tensors(argument(call, 0, 'xs', 'arrays', 'x'));
const reads = (read: (call: LayerCall) => Id | readonly Id[]): LayerReader => ({ read });

const two = (op: BinaryOp) =>
  reads((call) => binary(call, op, argument(call, 0, 'x1', 'x'), argument(call, 1, 'x2', 'y')));

const compares = (op: OpDefinition<Record<string, never>>) => reads(comparison(op, ['x1'], ['x2']));

const one = (op: OpDefinition<Record<string, never>>) =>
  reads((call) => call.node(op.name, op, {}, [x(call)]));

const over = (op: OpDefinition<ReductionAttributes>) =>
  reads((call) => reduction(call, op, x(call), argument(call, -1, 'axis'), argument(call, -1, 'keepdims')));

const activation = (name: string) => reads((call) => activationFunctions[name](call, x(call)));

function readTranspose(call: LayerCall): Id {
  const axes = argument(call, 1, 'axes');
  const rank = call.rank(x(call));
  const reversed = Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  return transposeTo(call, x(call), axes === undefined ? reversed : axesArgument(call, x(call), axes));
}

function readSplit(call: LayerCall): Id[] {
  const axis = call.axis(integer(call, argument(call, 2, 'axis'), 0), call.rank(x(call)));
  const told = argument(call, 1, 'indices_or_sections');
  const extent = Number(call.shape(x(call))[axis]);
  if (axis === 0) throw unsupported(call.where, 'a batch cut into several');
  const ends = Array.isArray(told)
    ? [...integers(call, told), extent]
    : Array.from({ length: integer(call, told) }, (_, i) => ((i + 1) * extent) / integer(call, told));
  const sizes = ends.map((end, i) => end - (i === 0 ? 0 : ends[i - 1])) as [number, ...number[]];
  return call.graph.results(call.name, core.split, { axis, sizes }, [x(call)]);
}

function readItem(call: LayerCall): Id {
  const key = argument(call, 1, 'key');
  return indexed(call, x(call), Array.isArray(key) ? (key as unknown[]) : [key]);
}

function readGelu(call: LayerCall): Id {
  return call.node('gelu', core.gelu, { approximate: argument(call, 1, 'approximate') !== false }, [x(call)]);
}

function readReciprocal(call: LayerCall): Id {
  return binary(call, core.div, 1, argument(call, 0, 'x'));
}

function readMatmul(call: LayerCall): Id {
  const operands = [tensorArgument(call, 0, 'x1'), tensorArgument(call, 1, 'x2')];
  return call.node('matmul', core.batchMatmul, { transposeA: false, transposeB: false }, operands);
}

const slopeOf = (call: LayerCall) => {
  const slope = argument(call, 1, 'negative_slope');
  return typeof slope === 'number' ? slope : 0.2;
};

/** Functions of Keras 3's `ops` by class, as they stand in functional models. */
export const operationReaders: Readonly<Record<string, LayerReader>> = {
  Add: two(core.add),
  Subtract: two(core.sub),
  Multiply: two(core.mul),
  TrueDivide: two(core.div),
  Divide: two(core.div),
  Maximum: two(core.maximum),
  Minimum: two(core.minimum),
  Power: two(core.pow),
  Equal: compares(core.equal),
  NotEqual: compares(core.notEqual),
  Less: compares(core.less),
  LessEqual: compares(core.lessEqual),
  Greater: compares(core.greater),
  GreaterEqual: compares(core.greaterEqual),
  LogicalAnd: reads(logic(core.logicalAnd, ['x1'], ['x2'])),
  LogicalOr: reads(logic(core.logicalOr, ['x1'], ['x2'])),
  LogicalNot: reads(logic(core.logicalNot, ['x'])),
  Where: reads(choice('x1', 'x2')),
  Negative: one(core.neg),
  Absolute: one(core.abs),
  Abs: one(core.abs),
  Exp: one(core.exp),
  Log: one(core.log),
  Sqrt: one(core.sqrt),
  Rsqrt: one(core.rsqrt),
  Square: one(core.square),
  Sign: one(core.sign),
  Floor: one(core.floor),
  Ceil: one(core.ceil),
  Round: one(core.round),
  Sin: one(core.sin),
  Cos: one(core.cos),
  Erf: one(core.erf),
  Reciprocal: reads(readReciprocal),
  Mean: over(core.mean),
  Max: over(core.reduceMax),
  Amax: over(core.reduceMax),
  Min: over(core.reduceMin),
  Amin: over(core.reduceMin),
  Sum: over(core.reduceSum),
  Prod: over(core.reduceProd),
  Clip: reads((call) => clip(call, x(call), argument(call, 1, 'x_min'), argument(call, 2, 'x_max'))),
  Reshape: reads((call) => reshapeWhole(call, x(call), integers(call, argument(call, 1, 'newshape')))),
  Transpose: reads(readTranspose),
  ExpandDims: reads((call) => expandDims(call, x(call), argument(call, 1, 'axis'))),
  Squeeze: reads((call) => squeeze(call, x(call), argument(call, 1, 'axis'))),
  Concatenate: reads((call) => concatenate(call, xs(call), integer(call, argument(call, 1, 'axis'), -1))),
  Stack: reads((call) => stack(call, xs(call), integer(call, argument(call, 1, 'axis'), 0))),
  Split: reads(readSplit),
  Flip: reads((call) => flip(call, x(call), argument(call, 1, 'axis'))),
  GetItem: reads(readItem),
  Matmul: reads(readMatmul),
  Cast: reads((call) => castTo(call, x(call), argument(call, 1, 'dtype'))),
  StopGradient: reads((call) => [x(call)]),
  Relu: activation('relu'),
  Relu6: activation('relu6'),
  Sigmoid: activation('sigmoid'),
  Tanh: activation('tanh'),
  Silu: activation('silu'),
  HardSigmoid: activation('hard_sigmoid'),
  HardSilu: activation('hard_silu'),
  HardTanh: activation('hard_tanh'),
  Selu: activation('selu'),
  Softplus: activation('softplus'),
  Softsign: activation('softsign'),
  LogSigmoid: activation('log_sigmoid'),
  Gelu: reads(readGelu),
  LeakyRelu: reads((call) => leaky(call, x(call), slopeOf(call))),
  Softmax: reads((call) => softmaxOver(call, x(call), integer(call, argument(call, 1, 'axis'), -1))),
};
