import { channelGroups } from '@whittle/core';
import type { ChannelGroup, Model, PassContext, Removal } from '@whittle/core';
import { expectGroupNames, fitsPattern } from './group-names.js';
import { meetBudget } from './meet-budget.js';
import { limitsOfGroup } from './pruning-options.js';
import type { PruningOptions } from './pruning-options.js';
import { costOf, prunedGroups, tellReport } from './pruning-report.js';
import type { PruningReport } from './pruning-report.js';
import type { RankedGroup } from './ranked-group.js';
import { orderByImportance, orderByShare } from './removal-order.js';
import type { RemovalOrder } from './removal-order.js';
import { removeInMultiples } from './remove-in-multiples.js';
import { selectFirst } from './select-channels.js';

/** A pruned model and what its pass reports. */
export interface PrunedModel {
  readonly model: Model;
  readonly report: PruningReport;
  /** The channels that are gone: those that stay to hold constants are not among them. */
  readonly removed: readonly Removal[];
}

/** What pruning needs of a pass's context. */
export type PruningContext = Pick<PassContext, 'log' | 'signal'>;

/** The model in which channels are ranked and removed, and how one without some of them is given back. */
export interface Prunable {
  readonly model: Model;
  finish(pruned: Model): Model;
}

/**
 * Removes the least important channels for real, as many as the goal says and the limits allow: all of a pass that prunes
 * by a criterion but the criterion. `ranked` are groups of this very model; groups that aren't among them keep all channels.
 * The very same model comes back where nothing goes.
 * @throws OPTION_INVALID where a name is that of no group; BUDGET_UNREACHABLE
 */
export function pruneRanked(
  model: Model,
  ranked: readonly RankedGroup[],
  options: PruningOptions,
  context: PruningContext,
): Promise<PrunedModel> {
  return prunePrunable(model, { model, finish: (pruned) => pruned }, ranked, options, context);
}

/** `pruneRanked` of groups of `prunable.model`, which stands for `original`. */
export async function prunePrunable(
  original: Model,
  prunable: Prunable,
  ranked: readonly RankedGroup[],
  options: PruningOptions,
  context: PruningContext,
): Promise<PrunedModel> {
  checkNames(prunable.model, options);
  const taken = ranked.filter(({ group }) => !options.exclude.some((name) => fitsPattern(group.name, name)));
  const limitsOf = (group: ChannelGroup) => limitsOfGroup(options, group);
  const prune = (order: RemovalOrder, count: number) => {
    const { threshold, removals: wanted } = selectFirst(taken, order, count, limitsOf);
    const { removals, result } = removeInMultiples(prunable.model, wanted, taken, limitsOf, options);
    return {
      threshold,
      removals,
      result,
      model: wanted.length === 0 ? original : prunable.finish(result.model),
    };
  };
  const { pruned, budget } = await meetGoal(original, taken, options, prune, context);
  const report: PruningReport = {
    threshold: pruned.threshold,
    groups: prunedGroups(taken, pruned.removals, pruned.result.carriers),
    inexact: pruned.result.inexact,
    cost: { before: costOf(original), after: costOf(pruned.model) },
    ...(budget ? { budget } : {}),
  };
  tellReport(report, context.log);
  const removed = withoutCarriers(pruned.removals, pruned.result.carriers);
  return { model: pruned.model, report, removed };
}

async function meetGoal<P extends { readonly model: Model }>(
  model: Model,
  ranked: readonly RankedGroup[],
  { ratio, uniform, budget }: PruningOptions,
  prune: (order: RemovalOrder, count: number) => P,
  { signal }: PruningContext,
): Promise<{ readonly pruned: P; readonly budget?: PruningReport['budget'] }> {
  if (budget) {
    const order = budget.spread === 'uniform' ? orderByShare(ranked) : orderByImportance(ranked);
    return meetBudget(model, order.length, budget, (count) => prune(order, count), signal);
  }
  if (ratio !== undefined) {
    const order = orderByImportance(ranked);
    return { pruned: prune(order, Math.floor(order.length * ratio)) };
  }
  const order = orderByShare(ranked);
  const past = order.findIndex(({ share }) => share > uniform!);
  return { pruned: prune(order, past < 0 ? order.length : past) };
}

function checkNames(model: Model, { exclude, limits }: PruningOptions): void {
  const limited = Object.keys(limits);
  if (exclude.length === 0 && limited.length === 0) return;
  const { groups } = channelGroups(model);
  expectGroupNames('exclude', exclude, groups);
  expectGroupNames('limits', limited, groups);
}

function withoutCarriers(removals: readonly Removal[], carriers: readonly Removal[]): Removal[] {
  return removals.map(({ group, channels }) => {
    const carrying = carriers.find((each) => each.group === group)?.channels ?? [];
    return { group, channels: channels.filter((channel) => !carrying.includes(channel)) };
  });
}
