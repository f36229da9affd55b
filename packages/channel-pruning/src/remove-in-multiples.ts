import { removeChannels } from '@whittle/core';
import type { Model, RemoveChannelsOptions, RemovedChannels, Removal } from '@whittle/core';
import type { RankedGroup } from './ranked-group.js';
import type { LimitsOf } from './selection-limits.js';

/** Rounds in which channels are given back: what stays to hold constants may change with what goes. */
const ROUNDS = 4;

/**
 * Removes channels so that what stays of each group, channels that hold constants included, is a multiple again: the most
 * important ones are given back. Returns what was to go in the end beside the result.
 */
export function removeInMultiples(
  model: Model,
  wanted: readonly Removal[],
  ranked: readonly RankedGroup[],
  limitsOf: LimitsOf,
  options: RemoveChannelsOptions,
): { readonly removals: readonly Removal[]; readonly result: RemovedChannels } {
  let removals = wanted;
  for (let round = 0; ; round++) {
    const result = removeChannels(model, removals, options);
    const less = removals.map((removal) =>
      giveBack(removal, result.carriers, ranked, limitsOf(removal.group).multiple),
    );
    const isDone = less.every(({ channels }, i) => channels.length === removals[i].channels.length);
    if (isDone || round === ROUNDS) return { removals, result };
    removals = less;
  }
}

function giveBack(
  removal: Removal,
  carriers: readonly Removal[],
  ranked: readonly RankedGroup[],
  multiple: number,
): Removal {
  const { group, channels } = removal;
  const carrying = carriers.find((each) => each.group === group)?.channels ?? [];
  if (carrying.length === 0) return removal;
  const step = Math.max(multiple, group.blocks);
  const kept = group.channels.length - channels.length + carrying.length;
  const missing = Math.min(group.channels.length, Math.ceil(kept / step) * step) - kept;
  const { importance } = ranked.find((each) => each.group === group)!;
  const others = channels.filter((channel) => !carrying.includes(channel));
  const back = Array.from({ length: group.blocks }, (_, block) =>
    others
      .filter((channel) => group.channels[channel].block === block)
      .sort((a, b) => importance[b] - importance[a] || a - b)
      .slice(0, Math.floor(missing / group.blocks)),
  ).flat();
  return { group, channels: channels.filter((channel) => !back.includes(channel)) };
}
