import * as core from '@whittle/core';
import type { BinaryOp, Id, OpDefinition, ReductionAttributes } from '@whittle/core';
import { quote, unsupported } from '../faults.js';
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
  reduction,
  reshapeWhole,
  squeeze,
  stack,
} from './functions.js';
import { indexed } from './indexing.js';

type TensorflowFunction = (call: LayerCall) => Id | readonly Id[];

const x = (call: LayerCall): Id =>
  tensorArgument(call, 0, 'x', 'input', 'features', 'logits', 'input_tensor', 'tensor', 'a');
const xs = (call: LayerCall): Id[] => call.tensors(argument(call, 0, 'values'));
const two = (op: BinaryOp): TensorflowFunction => {
  return (call) => binary(call, op, argument(call, 0, 'x', 'a'), argument(call, 1, 'y', 'b'));
};
const compares = (op: OpDefinition<Record<string, never>>): TensorflowFunction =>
  comparison(op, ['x', 'self'], ['y', 'other']);
const one = (op: OpDefinition<Record<string, never>>): TensorflowFunction => {
  return (call) => call.node(op.name, op, {}, [x(call)]);
};
const over = (op: OpDefinition<ReductionAttributes>): TensorflowFunction => {
  return (call) => reduction(call, op, x(call), argument(call, 1, 'axis'), argument(call, 2, 'keepdims'));
};
const by = (name: string): TensorflowFunction => {
  return (call) => activationFunctions[name](call, x(call));
};

/** Functions of TensorFlow that Keras 2 keeps by name. */
const functions: Readonly<Record<string, TensorflowFunction>> = {
  'math.add': two(core.add),
  '__operators__.add': two(core.add),
  'math.subtract': two(core.sub),
  'math.multiply': two(core.mul),
  'math.truediv': two(core.div),
  'math.divide': two(core.div),
  'math.maximum': two(core.maximum),
  'math.minimum': two(core.minimum),
  'math.pow': two(core.pow),
  'math.squared_difference': two(core.squaredDifference),
  'math.equal': compares(core.equal),
  '__operators__.eq': compares(core.equal),
  'math.not_equal': compares(core.notEqual),
  '__operators__.ne': compares(core.notEqual),
  'math.less': compares(core.less),
  'math.less_equal': compares(core.lessEqual),
  'math.greater': compares(core.greater),
  'math.greater_equal': compares(core.greaterEqual),
  'math.logical_and': logic(core.logicalAnd, ['x'], ['y']),
  'math.logical_or': logic(core.logicalOr, ['x'], ['y']),
  'math.logical_not': logic(core.logicalNot, ['x']),
  where: choice('x', 'y'),
  'math.negative': one(core.neg),
  'math.abs': one(core.abs),
  'math.exp': one(core.exp),
  'math.log': one(core.log),
  'math.sqrt': one(core.sqrt),
  'math.rsqrt': one(core.rsqrt),
  'math.square': one(core.square),
  'math.sign': one(core.sign),
  'math.floor': one(core.floor),
  'math.ceil': one(core.ceil),
  'math.round': one(core.round),
  'math.reduce_mean': over(core.mean),
  'math.reduce_max': over(core.reduceMax),
  'math.reduce_min': over(core.reduceMin),
  'math.reduce_sum': over(core.reduceSum),
  'math.reduce_prod': over(core.reduceProd),
  'math.sigmoid': by('sigmoid'),
  'math.tanh': by('tanh'),
  'math.softplus': by('softplus'),
  'nn.relu': by('relu'),
  'nn.relu6': by('relu6'),
  'nn.elu': by('elu'),
  'nn.selu': by('selu'),
  'nn.silu': by('silu'),
  'nn.swish': by('swish'),
  'nn.softsign': by('softsign'),
  'nn.log_softmax': by('log_softmax'),
  'nn.gelu': (call) =>
    call.node('gelu', core.gelu, { approximate: argument(call, 1, 'approximate') === true }, [x(call)]),
  'nn.softmax': (call) => softmaxOver(call, x(call), integer(call, argument(call, 1, 'axis'), -1)),
  'nn.leaky_relu': (call) => {
    const alpha = argument(call, 1, 'alpha');
    return leaky(call, x(call), typeof alpha === 'number' ? alpha : 0.2);
  },
  'nn.depth_to_space': (call) =>
    call.node(
      'depth_to_space',
      core.depthToSpace,
      { blockSize: integer(call, argument(call, 1, 'block_size')) },
      [x(call)],
    ),
  'nn.space_to_depth': (call) =>
    call.node(
      'space_to_depth',
      core.spaceToDepth,
      { blockSize: integer(call, argument(call, 1, 'block_size')) },
      [x(call)],
    ),
  clip_by_value: (call) =>
    clip(
      call,
      tensorArgument(call, 0, 't'),
      argument(call, 1, 'clip_value_min'),
      argument(call, 2, 'clip_value_max'),
    ),
  reshape: (call) => reshapeWhole(call, x(call), integers(call, argument(call, 1, 'shape'))),
  transpose: (call) => transposeTo(call, x(call), axesArgument(call, x(call), argument(call, 1, 'perm'))),
  'compat.v1.transpose': (call) =>
    transposeTo(call, x(call), axesArgument(call, x(call), argument(call, 1, 'perm'))),
  expand_dims: (call) => expandDims(call, x(call), argument(call, 1, 'axis')),
  squeeze: (call) => squeeze(call, x(call), argument(call, 1, 'axis')),
  'compat.v1.squeeze': (call) => squeeze(call, x(call), argument(call, 1, 'axis')),
  concat: (call) => concatenate(call, xs(call), integer(call, argument(call, 1, 'axis'))),
  stack: (call) => stack(call, xs(call), integer(call, argument(call, 1, 'axis'), 0)),
  cast: (call) => castTo(call, x(call), argument(call, 1, 'dtype')),
  identity: (call) => [x(call)],
  stop_gradient: (call) => [x(call)],
  '__operators__.getitem': (call) => {
    const items = argument(call, 1, 'slice_spec');
    return indexed(call, x(call), Array.isArray(items) ? (items as unknown[]) : [items]);
  },
};

/** A TensorFlow function in a functional model of Keras 2, by the name it is exported under. */
const tensorflowFunction: LayerReader = {
  read(call) {
    const name = call.options.text('function');
    if (!Object.hasOwn(functions, name))
      throw unsupported(call.where, `no op for the function tf.${quote(name)}`);
    return functions[name](call);
  },
};

export const tensorflowReaders: Readonly<Record<string, LayerReader>> = {
  TFOpLambda: tensorflowFunction,
  SlicingOpLambda: tensorflowFunction,
};
