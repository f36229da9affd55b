import { modelBytes, modelCost } from '@whittle/core';
import type { ChannelGroup, Model, ModelCost, RemovedChannels, Removal } from '@whittle/core';
import type { RankedGroup } from './ranked-group.js';

/** Channels of one group. */
export interface PrunedGroup {
  readonly name: string;
  readonly before: number;
  /** Channels that hold constants included. */
  readonly after: number;
  /** Masked channels that stay to hold the constants of removed ones. */
  readonly carrying: number;
}

/** What a model costs: `modelCost` and the bytes of its parameters as they are. */
export type PrunedCost = ModelCost & { readonly bytes: number };

/** What a pass that prunes channels says. */
export interface PruningReport extends Record<string, unknown> {
  /** The largest importance among the channels that were to go, before limits; undefined where none was. */
  readonly threshold: number | undefined;
  /** Of each group that was ranked and not kept out. */
  readonly groups: readonly PrunedGroup[];
  /** Layers whose result differs from that of the masked model, and why. */
  readonly inexact: RemovedChannels['inexact'];
  readonly cost: { readonly before: PrunedCost; readonly after: PrunedCost };
}

/** Each ranked group's channels before and after removals. */
export function prunedGroups(
  ranked: readonly RankedGroup[],
  removals: readonly Removal[],
  carriers: readonly Removal[],
): PrunedGroup[] {
  const countIn = (list: readonly Removal[], group: ChannelGroup) =>
    list.find((each) => each.group === group)?.channels.length ?? 0;
  return ranked.map(({ group }) => {
    const before = group.channels.length;
    const carrying = countIn(carriers, group);
    return { name: group.name, before, after: before - countIn(removals, group) + carrying, carrying };
  });
}

export function costOf(model: Model): PrunedCost {
  return { ...modelCost(model), bytes: modelBytes(model) };
}
