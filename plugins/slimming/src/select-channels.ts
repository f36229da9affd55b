import type { ChannelGroup, Removal } from '@whittle/core';
import type { RankedGroup } from './importance.js';

/** Limits on what a selection may take from one group. */
export interface SelectionLimits {
  /** Channels that stay in each group, at least 1. */
  readonly floor: number;
  /** The largest share of a group's channels that may go, 0 to 1. */
  readonly cap: number;
  /** Kept channels are rounded up to a multiple of this, as SIMD kernels like it. */
  readonly multiple: number;
}

export interface Selection {
  /** The largest importance among the channels that were to go, before limits; undefined where none was. */
  readonly threshold: number | undefined;
  readonly removals: readonly Removal[];
}

/**
 * One global threshold (Liu et al. 2017, section 3): the `ratio` least important of all channels go, rounded down. Of
 * channels that are equally important, those go first that rank lower in their group, so that ties are spread over the
 * groups. Limits then give the most important ones back, group by group, and balanced groups lose as many channels in
 * each block.
 */
export function selectChannels(
  ranked: readonly RankedGroup[],
  ratio: number,
  limits: SelectionLimits,
): Selection {
  const orders = ranked.map(({ importance }) =>
    [...importance.keys()].sort((a, b) => importance[a] - importance[b] || a - b),
  );
  const all = orders.flatMap((order, group) =>
    order.map((channel, rank) => ({
      group,
      channel,
      importance: ranked[group].importance[channel],
      place: rank / order.length,
    })),
  );
  all.sort((a, b) => a.importance - b.importance || a.place - b.place || a.group - b.group);
  const chosen = all.slice(0, Math.floor(all.length * ratio));
  const removals = ranked.map(({ group }, i) => {
    const wanted = new Set(chosen.filter((entry) => entry.group === i).map((entry) => entry.channel));
    return { group, channels: withinLimits(group, orders[i], wanted, limits) };
  });
  return {
    threshold: chosen.at(-1)?.importance,
    removals: removals.filter(({ channels }) => channels.length > 0),
  };
}

/** What may go of the channels that are wanted; `order` has the least important first. */
function withinLimits(
  group: ChannelGroup,
  order: readonly number[],
  wanted: ReadonlySet<number>,
  limits: SelectionLimits,
): number[] {
  const size = group.channels.length / group.blocks;
  const blocks = Array.from({ length: group.blocks }, (_, block) =>
    order.filter((channel) => group.channels[channel].block === block),
  );
  const goes = Math.min(...blocks.map((block) => block.filter((channel) => wanted.has(channel)).length));
  const least = Math.max(limits.floor / group.blocks, 1, size - Math.floor(size * limits.cap));
  const multiple = Math.max(1, Math.ceil(limits.multiple / group.blocks));
  const kept = Math.min(size, Math.ceil(Math.max(size - goes, least) / multiple) * multiple);
  return blocks.flatMap((block) => block.slice(0, size - kept));
}
