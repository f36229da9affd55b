import type { ChannelGroup } from '../analysis/channel-groups.js';
import { WhittleError } from '../errors.js';
import type { Id, Model, Parameter, ValueType } from '../model.js';
import { concrete } from '../model.js';
import { viewNode } from '../op.js';
import { patch } from '../patch.js';
import { take, takeQuantization } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { verify } from '../verify.js';
import { absorbConstants } from './absorb-constants.js';

/** Channels to remove from one group, by their position in `group.channels`. */
export interface Removal {
  readonly group: ChannelGroup;
  readonly channels: readonly number[];
}

export interface RemoveChannelsOptions {
  /**
   * Add what removed channels still send downstream, relu(beta) say, to the biases of the layers that read them, so that
   * the result equals the model whose scales are masked (default). Exact but for borders padded with zeros.
   */
  readonly absorb?: boolean;
}

/** Indices to remove by value and axis. */
export type RemovedIndices = ReadonlyMap<Id, ReadonlyMap<number, ReadonlySet<number>>>;

/**
 * Removes channels for real: slices parameters, masks and per-channel scales, and gives ops their new extents.
 * @throws OPTION_INVALID where a group would lose every channel, or its blocks unequal numbers; MODEL_INVALID
 */
export function removeChannels(
  model: Model,
  removals: readonly Removal[],
  options: RemoveChannelsOptions = {},
): Model {
  const removed = removedIndices(removals);
  if (removed.size === 0) return model;
  const absorbed = (options.absorb ?? true) ? absorbConstants(model, removed) : { model, removed };
  const result = slice(absorbed.model, absorbed.removed);
  verify(result);
  return result;
}

/** Puts removals together by value and axis, after checking that each is allowed. */
export function removedIndices(removals: readonly Removal[]): RemovedIndices {
  const removed = new Map<Id, Map<number, Set<number>>>();
  for (const { group, channels } of removals) {
    checkRemoval(group, channels);
    for (const channel of channels)
      group.slots.forEach(({ value, axis }, slot) => {
        let axes = removed.get(value);
        if (!axes) removed.set(value, (axes = new Map()));
        let indices = axes.get(axis);
        if (!indices) axes.set(axis, (indices = new Set()));
        for (const index of group.channels[channel].indices[slot]) indices.add(index);
      });
  }
  return removed;
}

function checkRemoval(group: ChannelGroup, channels: readonly number[]): void {
  const gone = new Set(channels);
  for (const channel of gone)
    if (!group.channels[channel])
      throw new WhittleError(
        'OPTION_INVALID',
        `${group.name} has channels 0 to ${group.channels.length - 1}, found ${channel}`,
      );
  if (gone.size === group.channels.length)
    throw new WhittleError(
      'OPTION_INVALID',
      `${group.name} would lose all of its ${gone.size} channels: at least one must stay`,
    );
  const perBlock = new Array<number>(group.blocks).fill(0);
  for (const channel of gone) perBlock[group.channels[channel].block]++;
  if (perBlock.some((count) => count !== perBlock[0]))
    throw new WhittleError(
      'OPTION_INVALID',
      `${group.name} must lose as many channels in each of its ${group.blocks} blocks, found ${perBlock.join(', ')}`,
    );
}

function slice(model: Model, removed: RemovedIndices): Model {
  const values = new Map<Id, ValueType>();
  for (const [id, type] of model.values) values.set(id, sliceType(type, removed.get(id)));
  const parameters = new Map<Id, Parameter>();
  for (const [id, parameter] of model.parameters)
    parameters.set(id, sliceParameter(parameter, removed.get(id)));
  return patch(model, (edit) => {
    for (const id of removed.keys()) {
      const parameter = parameters.get(id);
      const type = values.get(id);
      if (parameter) edit.setParameter(id, { tensor: parameter.tensor, mask: parameter.mask });
      else if (type) edit.setType(id, type);
    }
    for (const node of model.nodes) {
      if (!node.op.resize || !node.outputs.some((id) => removed.has(id))) continue;
      edit.replaceNode(node, node.op, node.op.resize(viewNode({ values, parameters }, node)));
    }
  });
}

function keptIndices(size: number, removed: ReadonlySet<number>): number[] {
  return Array.from({ length: size }, (_, i) => i).filter((i) => !removed.has(i));
}

function sliceType(type: ValueType, axes: ReadonlyMap<number, ReadonlySet<number>> | undefined): ValueType {
  let result = type;
  for (const [axis, indices] of axes ?? []) {
    const kept = keptIndices(concrete(type.shape)[axis], indices);
    const shape = result.shape.map((dim, i) => (i === axis ? kept.length : dim));
    result = result.quantization
      ? { ...result, shape, quantization: takeQuantization(result.quantization, axis, kept) }
      : { ...result, shape };
  }
  return result;
}

function sliceParameter(
  parameter: Parameter,
  axes: ReadonlyMap<number, ReadonlySet<number>> | undefined,
): Parameter {
  let { tensor, mask } = parameter as { tensor: Tensor; mask?: Tensor<'uint8'> };
  for (const [axis, indices] of axes ?? []) {
    const kept = keptIndices(tensor.shape[axis], indices);
    tensor = take(tensor, axis, kept);
    mask = mask && take(mask, axis, kept);
  }
  return axes ? { ...parameter, tensor, mask } : parameter;
}
