import type { ChannelGroup, Removal } from '@whittle/core';
import type { RankedGroup } from './ranked-group.js';
import { orderByImportance, orderInGroup } from './removal-order.js';
import type { RemovalOrder } from './removal-order.js';
import type { LimitsOf, SelectionLimits } from './selection-limits.js';

export interface Selection {
  /** The largest importance among the channels that were to go, before limits; undefined where none was. */
  readonly threshold: number | undefined;
  readonly removals: readonly Removal[];
}

/**
 * One global threshold (Liu et al. 2017, section 3): the `ratio` least important of all channels go, rounded down, within
 * limits.
 */
export function selectChannels(
  ranked: readonly RankedGroup[],
  ratio: number,
  limits: SelectionLimits,
): Selection {
  const order = orderByImportance(ranked);
  return selectFirst(ranked, order, Math.floor(order.length * ratio), () => limits);
}

/**
 * The first `count` channels of an order go. Limits then give the most important ones back, group by group, and balanced
 * groups lose as many channels in each block.
 */
export function selectFirst(
  ranked: readonly RankedGroup[],
  order: RemovalOrder,
  count: number,
  limitsOf: LimitsOf,
): Selection {
  const chosen = order.slice(0, count);
  const wanted = ranked.map(() => new Set<number>());
  for (const { group, channel } of chosen) wanted[group].add(channel);
  const removals = ranked.map((each, i) => ({
    group: each.group,
    channels: withinLimits(each, wanted[i], limitsOf(each.group)),
  }));
  return {
    threshold:
      chosen.length > 0 ? chosen.reduce((most, c) => Math.max(most, c.importance), -Infinity) : undefined,
    removals: removals.filter(({ channels }) => channels.length > 0),
  };
}

/** What may go of the channels that are wanted. */
function withinLimits(ranked: RankedGroup, wanted: ReadonlySet<number>, limits: SelectionLimits): number[] {
  if (wanted.size === 0) return [];
  const { group } = ranked;
  const size = group.channels.length / group.blocks;
  const blocks = channelsByBlock(group, orderInGroup(ranked));
  const goes = Math.min(...blocks.map((block) => block.filter((channel) => wanted.has(channel)).length));
  const least = Math.max(limits.floor / group.blocks, 1, size - Math.floor(size * limits.cap));
  const multiple = Math.max(1, Math.ceil(limits.multiple / group.blocks));
  const kept = Math.min(size, Math.ceil(Math.max(size - goes, least) / multiple) * multiple);
  return blocks.flatMap((block) => block.slice(0, size - kept));
}

function channelsByBlock(group: ChannelGroup, order: readonly number[]): number[][] {
  const blocks = Array.from({ length: group.blocks }, (): number[] => []);
  for (const channel of order) blocks[group.channels[channel].block].push(channel);
  return blocks;
}
