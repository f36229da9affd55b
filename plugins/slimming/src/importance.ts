import { batchNorm, isOp } from '@whittle/core';
import type { ChannelGroup, Id, Model } from '@whittle/core';
import type { RankedGroup } from '@whittle/channel-pruning';

/** Ids of all batch-norm scales (gamma) of a model, in order of computation. */
export function scaleIds(model: Model): Id[] {
  return [...new Set(model.nodes.filter((node) => isOp(node, batchNorm)).map((node) => node.inputs[1]))];
}

/**
 * Ranks channels by their batch-norm scales (Liu et al. 2017, section 3): mean |gamma| over the batch norms that a channel
 * passes, several where a residual addition couples channels. Groups without batch norm are left out.
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
