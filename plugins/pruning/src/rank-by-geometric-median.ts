import type { RankedGroup } from '@whittle/channel-pruning';
import type { ChannelGroup, Model } from '@whittle/core';
import { elementsOf, filterSlots } from './filters.js';

/**
 * Ranks channels by how far their filters are from the others of the group: sum over j of || F_i - F_j ||_2 (FPGM, He et al.
 * 2019, section 3.3). The smallest sum is that of the filter closest to the geometric median, which the others stand in for
 * best. Where channels are coupled a filter is that of all members together. Groups without filters are left out.
 * @throws MODEL_INVALID where weights are quantized
 */
export function rankByGeometricMedian(model: Model, groups: readonly ChannelGroup[]): RankedGroup[] {
  return groups.flatMap((group) => {
    const slots = filterSlots(model, group);
    if (slots.length === 0) return [];
    const filters = group.channels.map((_, channel) => elementsOf(model, group, channel, slots));
    const importance = new Float64Array(filters.length);
    for (let i = 0; i < filters.length; i++)
      for (let j = 0; j < i; j++) {
        const between = distance(filters[i], filters[j]);
        importance[i] += between;
        importance[j] += between;
      }
    return [{ group, importance }];
  });
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}
