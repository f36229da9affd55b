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

/** A budget that was met. */
export interface MetBudget {
  /** What was counted, and in which unit. */
  readonly name: string;
  readonly unit: string;
  readonly limit: number;
  readonly before: number;
  readonly after: number;
  /** How many models were measured, the unpruned one included. */
  readonly measurements: number;
}

/** What a pass that prunes channels says. */
export interface PruningReport extends Record<string, unknown> {
  /** The largest importance among the channels that were to go, before limits; undefined where none was. */
  readonly threshold: number | undefined;
  /** Of each group that was ranked and not kept out. */
  readonly groups: readonly PrunedGroup[];
  /** Layers whose result differs from that of the masked model, and why. */
  readonly inexact: RemovedChannels['inexact'];
  readonly cost: { readonly before: PrunedCost; readonly after: PrunedCost };
  /** Where the goal was a budget. */
  readonly budget?: MetBudget;
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

/** Says a report in a few lines. */
export function tellReport(report: PruningReport, log: (message: string) => void): void {
  const { groups, inexact, cost, budget } = report;
  for (const { name, reason } of inexact)
    log(`pruning: what ${name} reads of removed channels can't be made up for: ${reason}`);
  const before = groups.reduce((sum, group) => sum + group.before, 0);
  const after = groups.reduce((sum, group) => sum + group.after, 0);
  log(
    `pruning: ${before - after} of ${before} channels removed, ` +
      `${cost.before.macs} to ${cost.after.macs} MACs, ${cost.before.parameters} to ${cost.after.parameters} parameters`,
  );
  if (budget)
    log(
      `pruning: ${budget.after} of at most ${budget.limit} ${budget.unit} (${budget.name}), ${budget.before} before`,
    );
}
