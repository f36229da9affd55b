import { batchNorm, isOp } from '@whittle/core';
import type { ChannelGroup, Id, Model } from '@whittle/core';

/** A channel group with the importance of each of its channels. */
export interface RankedGroup {
  readonly group: ChannelGroup;
  /** Mean |gamma| of a channel over the batch norms that it passes; in order of `group.channels`. */
  readonly importance: Float64Array;
}

/** Ids of all batch-norm scales (gamma) of a model, in order of computation. */
export function scaleIds(model: Model): Id[] {
  return [...new Set(model.nodes.filter((node) => isOp(node, batchNorm)).map((node) => node.inputs[1]))];
}

/**
 * Ranks channels by their batch-norm scales (Liu et al. 2017, section 3). Channels that a residual addition couples have
 * several scales and go by their mean. Groups without batch norm are left out.
 */
export function rankChannels(model: Model, groups: readonly ChannelGroup[]): RankedGroup[] {
  const scales = new Set(scaleIds(model));
  return groups.flatMap((group) => {
    const slots = group.slots.map((slot, i) => ({ id: slot.value, i })).filter(({ id }) => scales.has(id));
    if (slots.length === 0) return [];
    const importance = Float64Array.from(group.channels, (channel) => {
      let sum = 0;
      let count = 0;
      for (const { id, i } of slots) {
        const gamma = model.parameters.get(id)?.tensor.data as Float32Array;
        for (const index of channel.indices[i]) sum += Math.abs(gamma[index]);
        count += channel.indices[i].length;
      }
      return sum / count;
    });
    return [{ group, importance }];
  });
}
