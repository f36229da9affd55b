import { channelGroups } from '@whittle/core';
import type { ChannelGroup, Model } from '@whittle/core';
import { z } from 'zod';
import { selectableModel } from './channel-selections.js';
import { prunePrunable } from './prune-ranked.js';
import type { PrunedModel, PruningContext } from './prune-ranked.js';
import type { PruningOptions } from './pruning-options.js';
import type { RankedGroup } from './ranked-group.js';

/** What becomes of channels that several layers read. */
export const coupledOption = z.enum(['group', 'select']).default('group');
export type Coupled = z.output<typeof coupledOption>;

/** Ranks groups of a model by a criterion; those that it can't judge are left out. */
export type Criterion = (
  model: Model,
  groups: readonly ChannelGroup[],
) => readonly RankedGroup[] | Promise<readonly RankedGroup[]>;

/**
 * Ranks and prunes. With `coupled: 'group'` channels that several layers read go for all of them, as in `pruneRanked`; with
 * `select` they stay, and in front of each batch norm that reads them with others a selection takes those that it needs:
 * less goes from memory, but each reader keeps the channels that matter to it.
 * @throws as `pruneRanked`, and what the criterion throws
 */
export async function pruneBy(
  model: Model,
  criterion: Criterion,
  { coupled, ...options }: PruningOptions & { readonly coupled: Coupled },
  context: PruningContext,
): Promise<PrunedModel> {
  const prunable =
    coupled === 'select'
      ? selectableModel(model)
      : { model, groups: channelGroups(model).groups, finish: (pruned: Model) => pruned };
  const ranked = await criterion(prunable.model, prunable.groups);
  return prunePrunable(model, prunable, ranked, options, context);
}
