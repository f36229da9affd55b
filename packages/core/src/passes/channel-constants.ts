import { forEachIndex } from '../analysis/channel-atoms.js';
import type { ReadonlyIndexSet } from '../analysis/index-set.js';
import type { Id, Model, Node } from '../model.js';
import { concrete, typeOf } from '../model.js';
import { attributesOf, isOp, viewNode } from '../op.js';
import {
  batchNorm,
  clampOf,
  convGeometry,
  depthwiseConv2d,
  flatten,
  gather,
  instanceNorm,
  isBinaryOp,
  isReductionOp,
  isUnaryOp,
  mul,
  pad,
  prelu,
  reshape,
  reshapeSegments,
  transpose,
} from '../ops/index.js';
import type { FusedActivation } from '../ops/index.js';
import { sizeOf, stridesOf } from '../tensor.js';
import { combinedConstants } from './combined-constants.js';
import type { ChannelConstants } from './held-constants.js';
import { nothing } from './held-constants.js';
import type { RemovedIndices } from './removals.js';

/**
 * What the removed channels of each value hold where they are masked instead: 0 what a layer computes, beta what a batch or
 * instance norm does, and from there on what activations, sums, pools and moves make of it.
 */
export function channelConstants(model: Model, removed: RemovedIndices): ReadonlyMap<Id, ChannelConstants> {
  const known = new Map<Id, ChannelConstants>();
  for (const node of model.nodes)
    for (const output of node.outputs) {
      const axes = removed.get(output);
      if (axes)
        known.set(output, complete(model, node, output, axes, after(model, node, output, axes, known)));
    }
  return known;
}

/** The constants after the activation that a node carries, with a reason for each removed channel that has none. */
function complete(
  model: Model,
  node: Node,
  output: Id,
  removed: ReadonlyMap<number, ReadonlyIndexSet>,
  held: ChannelConstants,
): ChannelConstants {
  const { activation = 'none' } = node.attributes as { activation?: FusedActivation };
  const [low, high] = clampOf(activation);
  const at = new Map([...held.at].map(([index, value]) => [index, Math.min(Math.max(value, low), high)]));
  const isEmpty = at.size + held.varying.size === 0;
  const last = typeOf(model, output).shape.length - 1;
  const axes = !isEmpty ? held.axes : removed.has(last) ? [last] : [...removed.keys()].slice(0, 1);
  const varying = new Map(held.varying);
  if (axes.length === 1)
    for (const index of removed.get(axes[0]) ?? [])
      if (!at.has(index) && !varying.has(index))
        varying.set(index, `${output} (${node.op.name}) makes of them what isn't followed`);
  return { axes, at, varying };
}

function after(
  model: Model,
  node: Node,
  output: Id,
  removed: ReadonlyMap<number, ReadonlyIndexSet>,
  known: ReadonlyMap<Id, ChannelConstants>,
): ChannelConstants {
  const shape = concrete(typeOf(model, output).shape);
  const last = shape.length - 1;
  const gone = [...(removed.get(last) ?? [])];
  const { op } = node;
  if (isOp(node, depthwiseConv2d))
    return spread(model, node, gone, known.get(node.inputs[0]) ?? nothing([last]));
  const fill = (value: (index: number) => number): ChannelConstants => ({
    ...nothing([last]),
    at: new Map(gone.map((index) => [index, value(index)])),
  });
  // An embedding too is computed by weights.
  if (op.linear || (isOp(node, gather) && model.parameters.has(node.inputs[0]))) return fill(() => 0);
  if (isOp(node, batchNorm) || isOp(node, instanceNorm)) {
    const offset = model.parameters.get(node.inputs[2])?.tensor.data;
    return offset ? fill((index) => Number(offset[index])) : nothing([last]);
  }
  const input = known.get(node.inputs[0]);
  if (isBinaryOp(op)) return combinedConstants(model, node, op.combine, isOp(node, mul), known, shape);
  if (isOp(node, prelu))
    return combinedConstants(model, node, (x, slope) => (x >= 0 ? x : x * slope), false, known, shape);
  if (!input && node.inputs.length === 1) return nothing([last]);
  if (isUnaryOp(op) && input)
    return { ...input, at: mapped(input.at, (value) => op.apply(value, node.attributes)) };
  if (isReductionOp(op) && input) return reduced(model, node, input, op.reduceEqual);
  if (isOp(node, transpose) && input) {
    const { permutation } = attributesOf(node, transpose);
    return { ...input, axes: input.axes.map((axis) => permutation.indexOf(axis)) };
  }
  if ((isOp(node, reshape) || isOp(node, flatten)) && input) return reshaped(model, node, input, shape);
  if (isOp(node, pad) && input) {
    const { value } = attributesOf(node, pad);
    const varying = new Map(input.varying);
    for (const [index, constant] of input.at)
      if (constant !== value) varying.set(index, `${output} surrounds them with ${value}`);
    return { ...input, varying };
  }
  return op.movesChannels ? moved(model, node, output, known) : nothing([last]);
}

function mapped(at: ReadonlyMap<number, number>, change: (value: number) => number): Map<number, number> {
  return new Map([...at].map(([index, value]) => [index, change(value)]));
}

/** A depthwise convolution: what all taps make of a constant, which is less where some lie on zeros around the image. */
function spread(
  model: Model,
  node: Node,
  gone: readonly number[],
  input: ChannelConstants,
): ChannelConstants {
  const weight = model.parameters.get(node.inputs[1])?.tensor;
  const bias = model.parameters.get(node.inputs[2])?.tensor;
  if (!weight) return nothing([3]);
  const { top, bottom, left, right } = convGeometry(viewNode(model, node) as never);
  const padded = top + bottom + left + right > 0;
  const multiplier = weight.shape[3];
  const outputs = weight.shape[2] * multiplier;
  const at = new Map<number, number>();
  const varying = new Map<number, string>();
  for (const index of gone) {
    const from = Math.floor(index / multiplier);
    const value = input.at.get(from);
    const why = input.varying.get(from);
    if (why !== undefined) varying.set(index, why);
    if (value === undefined) continue;
    let sum = 0;
    for (let i = index; i < weight.data.length; i += outputs) sum += Number(weight.data[i]) * value;
    if (padded && sum !== 0) varying.set(index, `${node.outputs[0]} pads them with zeros`);
    at.set(index, sum + Number(bias?.data[index] ?? 0));
  }
  return { axes: [3], at, varying };
}

function reduced(
  model: Model,
  node: Node,
  input: ChannelConstants,
  reduceEqual: (value: number, count: number) => number,
): ChannelConstants {
  const { axes, keepDims } = node.attributes as { axes: readonly number[]; keepDims: boolean };
  if (input.axes.some((axis) => axes.includes(axis))) return nothing([]);
  const shape = concrete(typeOf(model, node.inputs[0]).shape);
  const count = sizeOf(axes.map((axis) => shape[axis]));
  const shifted = input.axes.map((axis) => (keepDims ? axis : axis - axes.filter((a) => a < axis).length));
  return { ...input, axes: shifted, at: mapped(input.at, (value) => reduceEqual(value, count)) };
}

/** Channels are told apart along all axes that theirs are cut into, or put together with. */
function reshaped(
  model: Model,
  node: Node,
  input: ChannelConstants,
  to: readonly number[],
): ChannelConstants {
  const from = concrete(typeOf(model, node.inputs[0]).shape);
  const segments = reshapeSegments(from, to).filter((segment) =>
    segment.from.some((axis) => input.axes.includes(axis)),
  );
  const sources = segments.flatMap((segment) => segment.from);
  const all = segments.flatMap((segment) => segment.to);
  const longer = all.filter((axis) => to[axis] > 1);
  const axes = longer.length > 0 ? longer : all.slice(-1);
  const extents = sources.map((axis) => from[axis]);
  const strides = stridesOf(extents);
  const ownStrides = stridesOf(input.axes.map((axis) => from[axis]));
  const at = new Map<number, number>();
  const varying = new Map<number, string>();
  for (let index = 0; index < sizeOf(extents); index++) {
    let own = 0;
    sources.forEach((axis, i) => {
      const place = Math.floor(index / strides[i]) % extents[i];
      const where = input.axes.indexOf(axis);
      if (where >= 0) own += place * ownStrides[where];
    });
    const value = input.at.get(own);
    const why = input.varying.get(own);
    if (value !== undefined) at.set(index, value);
    if (why !== undefined) varying.set(index, why);
  }
  return { axes, at, varying };
}

/** Along the ties between the axes that tell channels apart. */
function moved(
  model: Model,
  node: Node,
  output: Id,
  known: ReadonlyMap<Id, ChannelConstants>,
): ChannelConstants {
  const at = new Map<number, number>();
  const varying = new Map<number, string>();
  let axes: readonly number[] = [];
  for (const tie of node.op.channels(viewNode(model, node)).ties)
    for (const from of tie) {
      const held = known.get(from.value);
      if (held?.axes.length !== 1 || held.axes[0] !== from.axis) continue;
      for (const to of tie) {
        if (to.value !== output) continue;
        axes = [to.axis];
        for (let i = 0; i < from.count; i++)
          forEachIndex(from, i, (index) => {
            const value = held.at.get(index);
            const why = held.varying.get(index);
            forEachIndex(to, i, (target) => {
              if (why !== undefined) varying.set(target, why);
              if (value === undefined) return;
              if ((at.get(target) ?? value) !== value) varying.set(target, `${output} joins different ones`);
              at.set(target, value);
            });
          });
      }
    }
  return { axes, at, varying };
}

/** Constants by index along the last axis, through an op that only moves channels: a reshape, a concatenation. */
export function movedConstants(
  model: Model,
  node: Node,
  output: Id,
  constants: ReadonlyMap<Id, ReadonlyMap<number, number>>,
): ReadonlyMap<number, number> {
  const lastOf = (id: Id) => typeOf(model, id).shape.length - 1;
  const known = new Map([...constants].map(([id, at]) => [id, { ...nothing([lastOf(id)]), at }] as const));
  const input = known.get(node.inputs[0]) ?? nothing([lastOf(node.inputs[0])]);
  const shape = concrete(typeOf(model, output).shape);
  const isReshape = isOp(node, reshape) || isOp(node, flatten);
  const { axes, at, varying } = isReshape
    ? reshaped(model, node, input, shape)
    : moved(model, node, output, known);
  if (axes.join() !== String(shape.length - 1)) return new Map();
  return new Map([...at].filter(([index]) => !varying.has(index)));
}
