import { channelGroups, createRandom, maskChannels, removeChannels } from '@whittle/core';
import type { ChannelGroup, Model, RandomStream, Removal, Tensor } from '@whittle/core';
import { floatRuntime } from '@whittle/testkit';
import { context } from './context.js';
import { deviation } from './deviation.js';
import type { Deviation } from './deviation.js';

/** What became of a float model that lost a third to a half of each group's channels. */
export interface Pruning {
  readonly groups: number;
  /** Channels of all groups, and those that must stay. */
  readonly channels: number;
  readonly pinned: number;
  readonly removed: number;
  /** Layers that are said to differ from the masked model's. */
  readonly inexact: number;
  /** The pruned model beside the masked one; none where nothing can go. */
  readonly deviation?: Deviation;
  /** How far the masked model is from the whole one: that the mask does something. */
  readonly effect?: Deviation;
}

/** Removes channels by a seeded mask and compares with the same channels masked; `whole` are the outputs of the model as it is. */
export async function pruneAtRandom(
  model: Model,
  inputs: readonly Tensor[],
  whole: readonly Tensor[],
  seed: number,
): Promise<Pruning> {
  const { groups, pinned } = channelGroups(model);
  const draw = createRandom(seed).at('mask');
  const removals = groups.map((group) => randomRemoval(group, draw));
  const { model: pruned, carriers, inexact } = removeChannels(model, removals);
  const found = {
    groups: groups.length,
    channels: groups.reduce((sum, { channels }) => sum + channels.length, 0),
    pinned: pinned.reduce((sum, { count }) => sum + count, 0),
    removed: count(removals) - count(carriers),
    inexact: inexact.length,
  };
  if (found.removed === 0) return found;
  const cases = [maskChannels(model, removals), pruned].map((each) => ({ model: each, inputs: [inputs] }));
  const [masked, result] = (await floatRuntime.run(cases, context)).map(({ outputs }) => outputs[0]);
  return { ...found, deviation: deviation(masked, result), effect: deviation(whole, masked) };
}

const count = (removals: readonly Removal[]) =>
  removals.reduce((sum, { channels }) => sum + channels.length, 0);

/** As many channels in each block. */
function randomRemoval(group: ChannelGroup, draw: RandomStream): Removal {
  const size = group.channels.length / group.blocks;
  const going = Math.min(size - 1, Math.round(size * (0.3 + 0.2 * draw.float())));
  const channels = Array.from({ length: group.blocks }, (_, block) => {
    const own = group.channels.flatMap((channel, i) => (channel.block === block ? [i] : []));
    return [...draw.permutation(size)].slice(0, going).map((i) => own[i]);
  });
  return { group, channels: channels.flat() };
}
