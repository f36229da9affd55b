import { channelGroups } from '@whittle/core';
import type { ChannelGroup, Model, PassContext, Removal } from '@whittle/core';
import { expectGroupNames, fitsPattern } from './group-names.js';
import { limitsOfGroup } from './pruning-options.js';
import type { PruningOptions } from './pruning-options.js';
import { costOf, prunedGroups } from './pruning-report.js';
import type { PruningReport } from './pruning-report.js';
import type { RankedGroup } from './ranked-group.js';
import { orderByImportance, orderByShare } from './removal-order.js';
import { removeInMultiples } from './remove-in-multiples.js';
import { selectFirst } from './select-channels.js';

/** A pruned model and what its pass reports. */
export interface PrunedModel {
  readonly model: Model;
  readonly report: PruningReport;
  /** The channels that are gone: those that stay to hold constants are not among them. */
  readonly removed: readonly Removal[];
}

/**
 * Removes the least important channels for real, as many as the goal says and the limits allow: all of a pass that prunes
 * by a criterion but the criterion. `ranked` are groups of this very model; groups that aren't among them keep all channels.
 * The very same model comes back where nothing goes.
 * @throws OPTION_INVALID where a name is that of no group
 */
export async function pruneRanked(
  model: Model,
  ranked: readonly RankedGroup[],
  options: PruningOptions,
  context: Pick<PassContext, 'log' | 'signal'>,
): Promise<PrunedModel> {
  checkNames(model, options);
  const taken = ranked.filter(({ group }) => !options.exclude.some((name) => fitsPattern(group.name, name)));
  const limitsOf = (group: ChannelGroup) => limitsOfGroup(options, group);
  const { order, count } = goalOf(taken, options);
  const { threshold, removals: wanted } = selectFirst(taken, order, count, limitsOf);
  const { removals, result } = removeInMultiples(model, wanted, taken, limitsOf, options);
  const groups = prunedGroups(taken, removals, result.carriers);
  const cost = { before: costOf(model), after: costOf(result.model) };
  const report: PruningReport = { threshold, groups, inexact: result.inexact, cost };
  tell(report, context);
  return { model: result.model, report, removed: withoutCarriers(removals, result.carriers) };
}

function checkNames(model: Model, { exclude, limits }: PruningOptions): void {
  const limited = Object.keys(limits);
  if (exclude.length === 0 && limited.length === 0) return;
  const { groups } = channelGroups(model);
  expectGroupNames('exclude', exclude, groups);
  expectGroupNames('limits', limited, groups);
}

/** The order in which channels go, and how many of them. */
function goalOf(ranked: readonly RankedGroup[], { ratio, uniform }: PruningOptions) {
  if (ratio !== undefined) {
    const order = orderByImportance(ranked);
    return { order, count: Math.floor(order.length * ratio) };
  }
  const order = orderByShare(ranked);
  const past = order.findIndex(({ share }) => share > uniform!);
  return { order, count: past < 0 ? order.length : past };
}

function tell({ groups, inexact, cost }: PruningReport, { log }: Pick<PassContext, 'log'>): void {
  for (const { name, reason } of inexact)
    log(`pruning: what ${name} reads of removed channels can't be made up for: ${reason}`);
  const sum = (pick: (group: (typeof groups)[number]) => number) =>
    groups.reduce((total, group) => total + pick(group), 0);
  log(
    `pruning: ${sum((g) => g.before - g.after)} of ${sum((g) => g.before)} channels removed, ` +
      `${cost.before.macs} to ${cost.after.macs} MACs, ${cost.before.parameters} to ${cost.after.parameters} parameters`,
  );
}

function withoutCarriers(removals: readonly Removal[], carriers: readonly Removal[]): Removal[] {
  return removals.map(({ group, channels }) => {
    const carrying = carriers.find((each) => each.group === group)?.channels ?? [];
    return { group, channels: channels.filter((channel) => !carrying.includes(channel)) };
  });
}
