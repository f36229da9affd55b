import type { RankedGroup } from '@whittle/channel-pruning';
import type { ChannelGroup, Model } from '@whittle/core';
import { elementsOf, filterSlots } from './filters.js';

/**
 * Ranks channels by the norm of their filters: sum |w| (Li et al. 2017, section 3.1), or the square root of sum w^2. Where
 * channels are coupled the members' norms add up, as a channel goes from all of them. Groups without filters are left out.
 * @throws MODEL_INVALID where weights are quantized
 */
export function rankByMagnitude(
  model: Model,
  groups: readonly ChannelGroup[],
  { norm = 1 }: { readonly norm?: 1 | 2 } = {},
): RankedGroup[] {
  return groups.flatMap((group) => {
    const slots = filterSlots(model, group);
    if (slots.length === 0) return [];
    const importance = Float64Array.from(group.channels, (_, channel) =>
      slots.reduce((sum, slot) => {
        const filter = elementsOf(model, group, channel, [slot]);
        return sum + (norm === 1 ? l1(filter) : l2(filter));
      }, 0),
    );
    return [{ group, importance }];
  });
}

function l1(values: Float64Array): number {
  return values.reduce((sum, x) => sum + Math.abs(x), 0);
}

function l2(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
}
