import type { ChannelGroup } from '../analysis/channel-groups.js';
import { IndexSet } from '../analysis/index-set.js';
import type { ReadonlyIndexSet } from '../analysis/index-set.js';
import { WhittleError } from '../errors.js';
import type { Id } from '../model.js';

/** Channels to remove from one group, by their position in `group.channels`. */
export interface Removal {
  readonly group: ChannelGroup;
  readonly channels: readonly number[];
}

/** Indices to remove by value and axis. */
export type RemovedIndices = ReadonlyMap<Id, ReadonlyMap<number, ReadonlyIndexSet>>;

/** Puts removals together by value and axis, after checking that each is allowed. */
export function removedIndices(removals: readonly Removal[]): RemovedIndices {
  const removed = new Map<Id, Map<number, IndexSet>>();
  for (const { group, channels } of removals) {
    checkRemoval(group, channels);
    if (channels.length === 0) continue;
    group.slots.forEach(({ value, axis }, slot) => {
      let axes = removed.get(value);
      if (!axes) removed.set(value, (axes = new Map()));
      let indices = axes.get(axis);
      if (!indices) axes.set(axis, (indices = new IndexSet()));
      for (const channel of channels)
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
