import type { Removal } from '@whittle/core';
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
  /** The importance at or below which channels go, before limits; undefined where none goes. */
  readonly threshold: number | undefined;
  readonly removals: readonly Removal[];
}

/**
 * One global threshold (Liu et al. 2017, section 3): the `ratio` least important of all channels go, those as important
 * as the threshold with them; channels strictly above it stay. Limits then give the most important ones back, group by
 * group, and balanced groups lose as many channels in each block.
 */
export function selectChannels(
  ranked: readonly RankedGroup[],
  ratio: number,
  limits: SelectionLimits,
): Selection {
  const all = ranked.flatMap(({ importance }) => [...importance]).sort((a, b) => a - b);
  const count = Math.floor(all.length * ratio);
  const threshold = count > 0 ? all[count - 1] : undefined;
  if (threshold === undefined) return { threshold, removals: [] };
  const removals = ranked.map((entry) => ({ group: entry.group, channels: below(entry, threshold, limits) }));
  return { threshold, removals: removals.filter(({ channels }) => channels.length > 0) };
}

function below({ group, importance }: RankedGroup, threshold: number, limits: SelectionLimits): number[] {
  const size = group.channels.length / group.blocks;
  const blocks = Array.from({ length: group.blocks }, (_, block) =>
    group.channels
      .flatMap((channel, i) => (channel.block === block ? [i] : []))
      .sort((a, b) => importance[a] - importance[b] || a - b),
  );
  const wanted = Math.min(...blocks.map((order) => order.filter((i) => importance[i] <= threshold).length));
  const least = Math.max(limits.floor / group.blocks, 1, size - Math.floor(size * limits.cap));
  const multiple = Math.max(1, Math.ceil(limits.multiple / group.blocks));
  const kept = Math.min(size, Math.ceil(Math.max(size - wanted, least) / multiple) * multiple);
  return blocks.flatMap((order) => order.slice(0, size - kept));
}
