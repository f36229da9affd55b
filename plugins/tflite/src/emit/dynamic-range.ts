import { conv2d, depthwiseConv2d, dense, sizeOf, tensor } from '@whittle/core';
import type { ConvAttributes, Id, Model, Node, Tensor } from '@whittle/core';

/** Steps to each side of zero: -128 is not used. */
const LIMIT = 127;

/** Scales have so few bits that 127 times one is exact in float32: what was read is written as it was. */
const SCALE_BITS = 17;
const SMALLEST_SCALE = 2 ** -126;

/**
 * The float32 weights of convolutions, depthwise convolutions and dense layers with float activations, as int8, symmetric,
 * with a scale for each output channel (for each input channel of a depthwise convolution, or one in groups of one channel, which
 * is read as such: its weights have no others in a model, unless there is one): by parameter. Weights that anything else uses, those of convolutions in groups, which LiteRT
 * has no such kernel for, and those with values that are not finite are left out.
 */
export function dynamicRangeWeights(model: Model): ReadonlyMap<Id, Tensor> {
  const axes = new Map<Id, Channels>();
  const others = new Set<Id>([...model.outputs.map(({ id }) => id), ...model.states.map(({ out }) => out)]);
  for (const node of model.nodes)
    node.inputs.forEach((id, position) => {
      const weight = model.parameters.get(id)?.tensor;
      if (weight?.dtype !== 'float32') return;
      const found = position === 1 ? channelsOf(node, weight) : undefined;
      const known = axes.get(id) ?? found;
      if (!found || known?.axis !== found.axis || known.each !== found.each) others.add(id);
      else axes.set(id, found);
    });
  const found = new Map<Id, Tensor>();
  for (const [id, channels] of axes) {
    const stored = others.has(id) ? undefined : symmetric(model.parameters.get(id)!.tensor, channels);
    if (stored) found.set(id, stored);
  }
  return found;
}

/** Which weights share a scale: those of as many indices in a row of an axis. */
interface Channels {
  readonly axis: number;
  readonly each: number;
}

/** Undefined for operands of other ops. */
function channelsOf({ op, attributes }: Node, weight: Tensor): Channels | undefined {
  if (op.name === dense.name) return { axis: 1, each: 1 };
  if (op.name === depthwiseConv2d.name) return { axis: weight.shape[2] > 1 ? 2 : 3, each: 1 };
  if (op.name !== conv2d.name) return undefined;
  const { groups } = attributes as ConvAttributes;
  if (groups === 1) return { axis: 3, each: 1 };
  return weight.shape[2] === 1 ? { axis: 3, each: weight.shape[3] / groups } : undefined;
}

function symmetric({ shape, data }: Tensor, { axis, each }: Channels): Tensor | undefined {
  const channels = shape[axis];
  const inner = sizeOf(shape.slice(axis + 1));
  const channelOf = (i: number) => Math.floor(i / inner) % channels;
  const largest = new Float64Array(channels);
  const first = (channel: number) => channel - (channel % each);
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(Number(data[i]));
    if (!Number.isFinite(size)) return undefined;
    largest[channelOf(i)] = Math.max(largest[channelOf(i)], size);
  }
  const scale = Float32Array.from(largest, (_, c) =>
    scaleFor(largest.subarray(first(c), first(c) + each).reduce((most, own) => Math.max(most, own))),
  );
  if (scale.some((each) => !Number.isFinite(Math.fround(LIMIT * each)))) return undefined;
  const steps = Int8Array.from(data as Float32Array, (value, i) => roundAway(value / scale[channelOf(i)]));
  const zeroPoint = new Int32Array(channels);
  return tensor('int8', shape, steps, channels === 1 ? { scale, zeroPoint } : { scale, zeroPoint, axis });
}

/** The scale for weights up to `largest`: rounded up to a few bits, so that it is found again from what is read. */
function scaleFor(largest: number): number {
  const exact = Math.max(largest / LIMIT, SMALLEST_SCALE);
  // All steps round to zero.
  if (largest / exact < 0.5) return 1;
  const unit = 2 ** (Math.floor(Math.log2(exact)) + 1 - SCALE_BITS);
  return Math.ceil(exact / unit) * unit;
}

function roundAway(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
}
