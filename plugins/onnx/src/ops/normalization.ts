import {
  batchNorm,
  float32,
  groupNorm,
  instanceNorm,
  l2Normalize,
  layerNorm,
  localResponseNorm,
  logSoftmax,
  softmax,
  take,
  tensor,
} from '@whittle/core';
import type { Dim, Id, OpDefinition, ParameterRole, Tensor } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import type { NodeCall } from '../graph/node-call.js';
import { storedTensor } from '../graph/node-call.js';
import { channelsLast, range, wideAxes } from '../values/order.js';
import type { Order } from '../values/order.js';
import { scrambledIndices } from '../values/value.js';
import type { Activation } from '../values/value.js';
import type { OpReader, OpReaders } from './op-reader.js';

/** A number that is added to a variance; core wants one above 0, and this one changes nothing. */
function epsilonOf(call: NodeCall): number {
  return Math.max(call.attributes.float('epsilon', 1e-5), Number.MIN_VALUE);
}

/** A parameter of one element a channel, arranged as the channels are stored. */
function perChannel(call: NodeCall, i: number, role: ParameterRole, x: Activation): Id {
  const value = call.constant(i, `operand ${i}`);
  const channels = x.shape[1];
  if (value.tensor.data.length !== channels)
    throw call.invalid(`operand ${i} has ${value.tensor.data.length} elements, expected ${channels}`);
  const { scramble } = x;
  return call.parameter(value, role, `channels ${JSON.stringify(scramble)}`, (t) => {
    const vector = tensor(t.dtype, [t.data.length], t.data);
    return scramble ? take(vector, 0, scrambledIndices(scramble)) : vector;
  });
}

const batchNormalization: OpReader = (call) => {
  if (call.attributes.flag('training_mode')) throw call.unsupported('training_mode 1');
  if (!call.attributes.flag('spatial', true)) throw call.unsupported('spatial 0');
  call.expectFloat(call.operand(0));
  if (call.rank(0) < 2) throw call.unsupported('an operand of rank 1');
  const x = call.channelsLast(call.operand(0));
  const parameters = (['scale', 'offset', 'mean', 'variance'] as const).map((role, i) =>
    perChannel(call, i + 1, role, x),
  );
  const id = call.emit(batchNorm, { epsilon: epsilonOf(call) }, [x.id, ...parameters]);
  call.result(id, x.order, { shape: x.shape, scramble: x.scramble });
};

const instanceNormalization: OpReader = (call) => {
  const x = imageOf(call);
  const operands = [x.id, perChannel(call, 1, 'scale', x), perChannel(call, 2, 'offset', x)];
  call.result(call.emit(instanceNorm, { epsilon: epsilonOf(call) }, operands), x.order, { shape: x.shape });
};

/** An operand with its channels last, and its batch first. */
function imageOf(call: NodeCall): Activation {
  call.expectFloat(call.operand(0));
  const x = call.graph.unscrambled(call.channelsLast(call.operand(0)));
  if (x.shape.length < 3) throw call.unsupported(`an operand of rank ${x.shape.length}`);
  const rank = x.shape.length;
  return x.order.length >= 3 && x.order[0] === 0 ? x : call.reordered(x, channelsLast(rank));
}

/** Before version 21, scale and offset have an element for each group. */
const groupNormalization: OpReader = (call) => {
  const groups = call.attributes.int('num_groups', 1);
  const x = imageOf(call);
  const channels = Number(x.shape[1]);
  if (groups < 1 || channels % groups !== 0) throw call.invalid(`${channels} channels in ${groups} groups`);
  const parameters = (
    [
      [1, 'scale'],
      [2, 'offset'],
    ] as const
  ).map(([i, role]) => {
    const value = call.constant(i, role);
    if (value.tensor.data.length !== groups || call.opset >= 21) return perChannel(call, i, role, x);
    return call.parameter(value, role, `groups ${channels}`, ({ data }) =>
      float32(
        [channels],
        Float32Array.from({ length: channels }, (_, c) => Number(data[Math.floor((c * groups) / channels)])),
      ),
    );
  });
  const id = call.emit(groupNorm, { groups, epsilon: epsilonOf(call) }, [x.id, ...parameters]);
  call.result(id, x.order, { shape: x.shape });
};

const layerNormalization: OpReader = (call) => {
  if (call.node.output?.slice(1).some((name) => name !== '')) throw call.unsupported('its mean as a result');
  call.only('stash_type', call.attributes.int('stash_type', 1), 1);
  call.expectFloat(call.operand(0));
  const rank = call.rank(0);
  const axis = call.axis(call.attributes.int('axis', -1), rank);
  const x = withInnermost(call, axis);
  const first = x.order.length - (rank - axis);
  const inner = x.order.slice(first);
  const arrange = (t: Tensor) => {
    const shape = x.shape.slice(axis) as number[];
    const full = broadcastTo(call, t, shape);
    const arranged = storedTensor(
      full,
      inner.map((each) => each - axis),
    );
    return arranged;
  };
  const how = `layer ${axis} ${inner.join()}`;
  const scale = call.parameter(call.constant(1, 'a scale'), 'scale', how, arrange);
  const sizes = inner.map((each) => Number(x.shape[each]));
  const offset = call.has(2)
    ? call.parameter(call.constant(2, 'an offset'), 'offset', how, arrange)
    : call.own('offset', 'offset', float32(sizes));
  const id = call.emit(layerNorm, { axis: first, epsilon: epsilonOf(call) }, [x.id, scale, offset]);
  call.result(id, x.order, { shape: x.shape });
};

function broadcastTo(call: NodeCall, t: Tensor, shape: readonly number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  if (t.data.length === size) return tensor(t.dtype, shape, t.data);
  if (t.data.length !== 1)
    throw call.invalid(`a scale of [${t.shape.join(', ')}] for axes of [${shape.join(', ')}]`);
  return float32(shape, new Float32Array(size).fill(Number(t.data[0])));
}

/**
 * The operand with all axes from `axis` on stored last, in whatever order, and something before them; its indices in the
 * file's order.
 */
function withInnermost(call: NodeCall, axis: number): Activation {
  const x = call.graph.unscrambled(call.activation(call.operand(0)));
  const rank = x.shape.length;
  const count = rank - axis;
  const tail = x.order.slice(-count);
  if (x.order.length > count && tail.every((each) => each >= axis)) return x;
  const outer = x.order.filter((each) => each >= 0 && each < axis);
  const order: Order = [...(outer.length > 0 ? outer : [-1]), ...range(axis, rank)];
  return call.reordered(x, order);
}

/**
 * Over one axis (since version 13), or over all axes from one on. Either is a softmax over the innermost stored axis, which
 * is made of all those that are normalized together.
 */
function softmaxReader(op: OpDefinition<object>, attributes: object): OpReader {
  return (call) => {
    call.expectFloat(call.operand(0));
    const rank = call.rank(0);
    if (rank === 0) throw call.invalid('a number');
    const together = call.opset < 13;
    const axis = call.axis(call.attributes.int('axis', together ? 1 : -1), Math.max(rank, together ? 2 : 1));
    const source = call.activation(call.operand(0));
    const inner = together ? range(axis, rank).filter((each) => source.shape[each] !== 1) : [axis];
    const x = innermostAxes(call, source, inner);
    const outer = x.order.slice(0, x.order.length - inner.length);
    const shape = call.graph.typeOf(x.id).shape;
    const rows: Dim[] = outer.length > 0 ? [...shape.slice(0, outer.length)] : [1];
    const size = shape.slice(outer.length).reduce<number>((n, dim) => n * (dim === 'batch' ? NaN : dim), 1);
    if (Number.isNaN(size)) throw new BatchMixed(call.where, 'examples are normalized together');
    const flat = call.reshape(x.id, [...rows, size]);
    const isFlat = flat === x.id;
    const normalized = call.emit(op, attributes, [flat], isFlat ? undefined : 'normalized');
    const id = isFlat ? normalized : call.graph.reshape(call.name(), normalized, shape);
    call.result(id, x.order, { shape: x.shape, scramble: x.scramble });
  };
}

/** A value with these axes stored last. One that is normalized as a whole may stay scrambled. */
function innermostAxes(call: NodeCall, source: Activation, axes: readonly number[]): Activation {
  const isWhole = source.scramble && axes.length === 1 && source.scramble.axis === axes[0];
  const x = isWhole ? source : call.graph.unscrambled(source);
  const tail = x.order.slice(x.order.length - axes.length);
  if (tail.length === axes.length && axes.every((axis) => tail.includes(axis))) return x;
  const outer = x.order.filter((axis) => axis >= 0 && !axes.includes(axis));
  return call.reordered(x, [...outer, ...axes]);
}

const localResponseNormalization: OpReader = (call) => {
  const { attributes } = call;
  const size = attributes.int('size', 1);
  if (size < 1 || size % 2 === 0) throw call.unsupported(`size ${size}`);
  const x = imageOf(call);
  const order = channelsLast(4);
  if (x.shape.length !== 4) throw call.unsupported(`an operand of rank ${x.shape.length}`);
  const options = {
    radius: (size - 1) / 2,
    bias: attributes.float('bias', 1),
    alpha: attributes.float('alpha', 0.0001) / size,
    beta: attributes.float('beta', 0.75),
  };
  call.result(call.emit(localResponseNorm, options, [call.stored(x, order)]), order);
};

const lpNormalization: OpReader = (call) => {
  call.only('p', call.attributes.int('p', 2), 2);
  const axis = call.axis(call.attributes.int('axis', -1), call.rank(0));
  const x = innermostAxes(call, call.activation(call.operand(0)), [axis]);
  const padded = wideAxes(x.shape, x.order).length === x.order.length && x.order.length === 1;
  const stored = padded ? call.reordered(x, [-1, axis]) : x;
  call.result(call.emit(l2Normalize, {}, [stored.id]), stored.order, {
    shape: x.shape,
    scramble: x.scramble,
  });
};

export const normalizationReaders: OpReaders = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization,
  Softmax: softmaxReader(softmax, { beta: 1 }),
  LogSoftmax: softmaxReader(logSoftmax, {}),
  LRN: localResponseNormalization,
  LpNormalization: lpNormalization,
};
