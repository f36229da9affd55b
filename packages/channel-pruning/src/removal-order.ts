import type { RankedGroup } from './ranked-group.js';

/** A channel of one of several ranked groups. */
export interface RankedChannel {
  /** Position in the list of ranked groups. */
  readonly group: number;
  /** Position in `group.channels`. */
  readonly channel: number;
  readonly importance: number;
  /** Share of the group's channels that are gone once this one is: above 0, at most 1. */
  readonly share: number;
}

/** All channels in the order in which they go. */
export type RemovalOrder = readonly RankedChannel[];

/**
 * The least important of all channels first. Of channels that are equally important, those go first that rank lower in
 * their group, so that ties are spread over the groups.
 */
export function orderByImportance(ranked: readonly RankedGroup[]): RemovalOrder {
  return channelsOf(ranked).sort(
    (a, b) => a.importance - b.importance || a.share - b.share || a.group - b.group || a.channel - b.channel,
  );
}

/** Every group loses the same share at any time; the least important channels of each go first. */
export function orderByShare(ranked: readonly RankedGroup[]): RemovalOrder {
  return channelsOf(ranked).sort(
    (a, b) => a.share - b.share || a.importance - b.importance || a.group - b.group,
  );
}

/** Positions of a group's channels, the least important first. */
export function orderInGroup({ importance }: RankedGroup): number[] {
  return [...importance.keys()].sort((a, b) => importance[a] - importance[b] || a - b);
}

function channelsOf(ranked: readonly RankedGroup[]): RankedChannel[] {
  return ranked.flatMap((each, group) =>
    orderInGroup(each).map((channel, rank, { length }) => ({
      group,
      channel,
      importance: each.importance[channel],
      share: (rank + 1) / length,
    })),
  );
}
