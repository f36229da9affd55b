import {
  batchNorm,
  div,
  float32,
  groupNorm,
  instanceNorm,
  l2Normalize,
  layerNorm,
  mul,
  sub,
  add,
} from '@whittle/core';
import type { Id, ParameterRole } from '@whittle/core';
import { invalid, unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import type { LayerReader } from '../graph/layer-reader.js';
import { channelsFirst, channelsLast } from './channels.js';
import { reshaped } from './weight-layout.js';

const none = { activation: 'none' } as const;

/** Scale and offset that a layer learns unless told otherwise. */
function affineOf({ scale, center }: { readonly scale: boolean; readonly center: boolean }): string[] {
  return [...(scale ? ['gamma'] : []), ...(center ? ['beta'] : [])];
}

/** A weight, or what it would be if the layer learned it. */
function weightOr(
  call: LayerCall,
  has: boolean,
  name: string,
  role: ParameterRole,
  otherwise: number,
  shape: readonly number[],
): Id {
  if (has) return call.weight(name, role, (value) => reshaped(value, shape));
  return call.constant(name, call.graph.filled(call.where, shape, otherwise), role);
}

function readBatchNorm(call: LayerCall): Id {
  const { options, input } = call;
  options.only('renorm', false);
  const [axis, ...more] = options.integers('axis', [-1]);
  if (axis === undefined || more.length > 0) throw unsupported(call.where, 'a batch norm over several axes');
  const at = call.axis(axis, call.rank(input));
  const first = at === 1 && call.rank(input) > 2;
  if (!first && at !== call.rank(input) - 1)
    throw unsupported(
      call.where,
      `a batch norm over axis ${axis}, expected the last one or that of channels`,
    );
  const x = first ? channelsLast(call, input) : input;
  const [channels] = call.extents(x).slice(-1);
  const normalized = call.node('batch_norm', batchNorm, { epsilon: options.number('epsilon', 1e-3) }, [
    x,
    weightOr(call, options.boolean('scale', true), 'gamma', 'scale', 1, [channels]),
    weightOr(call, options.boolean('center', true), 'beta', 'offset', 0, [channels]),
    call.weight('moving_mean', 'mean'),
    call.weight('moving_variance', 'variance'),
  ]);
  return first ? channelsFirst(call, normalized) : normalized;
}

/** Over one axis, or several that are the last ones. */
function readLayerNorm(call: LayerCall): Id {
  const { options, input } = call;
  options.only('rms_scaling', false);
  const rank = call.rank(input);
  const axes = options.integers('axis', [-1]).map((axis) => call.axis(axis, rank));
  const [first] = [...axes].sort((a, b) => a - b);
  if (first < 1 || axes.length !== rank - first)
    throw unsupported(call.where, `a layer norm over axes ${axes.join(', ')}, expected the last ones`);
  const shape = call.extents(input).slice(first - 1);
  return call.node('layer_norm', layerNorm, { axis: first, epsilon: options.number('epsilon', 1e-3) }, [
    input,
    weightOr(call, options.boolean('scale', true), 'gamma', 'scale', 1, shape),
    weightOr(call, options.boolean('center', true), 'beta', 'offset', 0, shape),
  ]);
}

/** -1 group stands for one a channel: instance normalization. */
function readGroupNorm(call: LayerCall): Id {
  const { options, input } = call;
  const rank = call.rank(input);
  const at = call.axis(options.integer('axis', -1), rank);
  const first = at === 1 && rank > 2;
  if (rank < 3 || (!first && at !== rank - 1))
    throw unsupported(call.where, `a group norm over axis ${at} of ${rank}, expected the last one`);
  const x = first ? channelsLast(call, input) : input;
  const [channels] = call.extents(x).slice(-1);
  const told = options.integer('groups', 32);
  const groups = told === -1 ? channels : told;
  if (groups < 1 || channels % groups !== 0)
    throw invalid(call.where, `${channels} channels in ${groups} groups`);
  const epsilon = options.number('epsilon', 1e-3);
  const operands = [
    x,
    weightOr(call, options.boolean('scale', true), 'gamma', 'scale', 1, [channels]),
    weightOr(call, options.boolean('center', true), 'beta', 'offset', 0, [channels]),
  ];
  const normalized =
    groups === channels
      ? call.node('instance_norm', instanceNorm, { epsilon }, operands)
      : call.node('group_norm', groupNorm, { groups, epsilon }, operands);
  return first ? channelsFirst(call, normalized) : normalized;
}

function readUnitNorm(call: LayerCall): Id {
  const axes = call.options.integers('axis', [-1]);
  const last = call.rank(call.input) - 1;
  if (axes.length !== 1 || call.axis(axes[0], last + 1) !== last)
    throw unsupported(call.where, `a unit norm over axes ${axes.join(', ')}, expected the last one`);
  return call.node('l2_normalize', l2Normalize, {}, [call.input]);
}

/** (x - mean) / sqrt(variance), or the inverse of it, of data that the layer has seen or was told of. */
function readStandardize(call: LayerCall): Id {
  const { options, input } = call;
  const [mean, variance] = ['mean', 'variance'].map((name) => statistic(call, name));
  const deviation = float32(
    variance.shape,
    (variance.data as Float32Array).map((v) => Math.max(Math.sqrt(v), 1e-7)),
  );
  const [centre, scale] = [call.constant('mean', mean), call.constant('deviation', deviation)];
  if (options.boolean('invert', false)) {
    const scaled = call.node('scaled', mul, none, [input, scale]);
    return call.node('moved', add, none, [scaled, centre]);
  }
  const centred = call.node('centred', sub, none, [input, centre]);
  return call.node('scaled', div, none, [centred, scale]);
}

/** Of the shape that broadcasts over the input: its axes that are kept, 1 in place of the others. */
function statistic(call: LayerCall, name: string) {
  const rank = call.rank(call.input);
  const axes = call.options.has('axis') ? call.options.integers('axis') : [];
  const kept = axes.map((axis) => call.axis(axis, rank));
  const shape = call
    .shape(call.input)
    .map((dim, axis) => (kept.includes(axis) && axis > 0 ? Number(dim) : 1));
  const given = call.options.has(name)
    ? Float32Array.from(call.options.numbers(name))
    : call.tensorOf(name).data;
  const extents = shape.slice(1);
  return given.length === 1
    ? call.graph.filled(call.where, extents, given[0])
    : float32(extents, given as Float32Array);
}

export const normalizationReaders: Readonly<Record<string, LayerReader>> = {
  BatchNormalization: {
    variables: (options) => ({
      trainable: affineOf({ scale: options.boolean('scale', true), center: options.boolean('center', true) }),
      fixed: ['moving_mean', 'moving_variance'],
    }),
    read: readBatchNorm,
  },
  LayerNormalization: {
    variables: (options) => ({
      trainable: affineOf({ scale: options.boolean('scale', true), center: options.boolean('center', true) }),
    }),
    read: readLayerNorm,
  },
  GroupNormalization: {
    variables: (options) => ({
      trainable: affineOf({ scale: options.boolean('scale', true), center: options.boolean('center', true) }),
    }),
    read: readGroupNorm,
  },
  UnitNormalization: { read: readUnitNorm },
  // Of the ConvNeXt models in keras.applications.
  LayerScale: {
    variables: () => ({ trainable: ['gamma'] }),
    read: (call) => call.node('scaled', mul, none, [call.input, call.weight('gamma', 'scale')]),
  },
  Normalization: {
    variables: (options) => (options.has('mean') ? {} : { fixed: ['mean', 'variance', 'count'] }),
    read: readStandardize,
  },
};
