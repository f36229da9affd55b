import type { ChannelGroup } from '../analysis/channel-groups.js';
import type { Id, Model } from '../model.js';
import { typeOf } from '../model.js';
import type { ConstantReader } from './absorb-constants.js';
import { largest } from './absorb-constants.js';
import type { Removal } from './removals.js';

/** Channels of each removal that stay, masked, to hold the constants of the others where no bias can. */
export function chooseCarriers(
  model: Model,
  readers: readonly ConstantReader[],
  removals: readonly Removal[],
): readonly ReadonlySet<number>[] {
  const stays = removals.map(() => new Set<number>());
  for (const { node, constants, uneven, blocks } of readers) {
    if (!uneven || constants.size === 0) continue;
    const axis = typeOf(model, node.inputs[0]).shape.length - 1;
    const channels = channelsAt(removals, node.inputs[0], axis);
    const perBlock = Number(typeOf(model, node.inputs[0]).shape[axis]) / blocks;
    for (let block = 0; block < blocks; block++) {
      const inBlock = [...constants].filter(([index]) => Math.floor(index / perBlock) === block);
      const isCarried = inBlock.some(([index]) => {
        const { removal, channel } = channels.get(index)!;
        return stays[removal].has(channel);
      });
      const chosen = isCarried ? undefined : largest(inBlock);
      if (!chosen) continue;
      const { removal, channel } = channels.get(chosen[0])!;
      stays[removal].add(channel);
    }
  }
  removals.forEach(({ group, channels }, i) => balance(group, channels, stays[i]));
  return stays;
}

/** Which channel of which removal lies at each index along an axis of a value. */
function channelsAt(removals: readonly Removal[], value: Id, axis: number) {
  const found = new Map<number, { readonly removal: number; readonly channel: number }>();
  removals.forEach(({ group, channels }, removal) =>
    group.slots.forEach((slot, i) => {
      if (slot.value !== value || slot.axis !== axis) return;
      for (const channel of channels)
        for (const index of group.channels[channel].indices[i]) found.set(index, { removal, channel });
    }),
  );
  return found;
}

/** As many stay in each block as in the one where the most do. */
function balance(group: ChannelGroup, removed: readonly number[], stays: Set<number>): void {
  if (group.blocks === 1 || stays.size === 0) return;
  const ofBlock = (channels: Iterable<number>, block: number) =>
    [...channels].filter((channel) => group.channels[channel].block === block);
  const most = Math.max(...Array.from({ length: group.blocks }, (_, block) => ofBlock(stays, block).length));
  for (let block = 0; block < group.blocks; block++) {
    const missing = most - ofBlock(stays, block).length;
    const others = ofBlock(removed, block).filter((channel) => !stays.has(channel));
    for (const channel of others.slice(0, missing)) stays.add(channel);
  }
}
