import type { ChannelGroup } from '@whittle/core';

/** A channel group with the importance of each of its channels, by whatever criterion: what is least goes first. */
export interface RankedGroup {
  readonly group: ChannelGroup;
  /** In order of `group.channels`; only how they compare counts, within a group and over all groups. */
  readonly importance: Float64Array;
}
