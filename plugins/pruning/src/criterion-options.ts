import { pruneRanked, pruningShape } from '@whittle/channel-pruning';
import type { PruningOptions, RankedGroup } from '@whittle/channel-pruning';
import { channelGroups, WhittleError } from '@whittle/core';
import type { BatchSource, ChannelGroup, Model, PassContext } from '@whittle/core';
import { batchSourceOption } from '@whittle/train';
import { z } from 'zod';
import type { Evidence } from './evidence.js';
import { normalization, normalizeImportance } from './normalize-importance.js';
import type { Normalization } from './normalize-importance.js';
import { reconstructLayers } from './reconstruct-layers.js';

export type Reconstruction = 'none' | 'weights' | 'scales';

/** Options of every pass that prunes by a criterion of this plugin; `normalize` and `reconstruct` are its defaults. */
export function criterionShape(normalize: Normalization, reconstruct: Reconstruction = 'none') {
  return {
    ...pruningShape,
    /** How groups are made to compare. */
    normalize: normalization.default(normalize),
    /** Batches of the data to look at, from the first on; all of one epoch unless told. */
    batches: z.number().int().positive().optional(),
    /** How the layers that read removed channels are fitted to what they computed before. */
    reconstruct: z.enum(['none', 'weights', 'scales']).default(reconstruct),
  };
}

/** Data that a criterion looks at. */
export const evidenceShape = { data: batchSourceOption };

/** Data of a criterion that looks at none: only to reconstruct on. */
export const reconstructionShape = { data: batchSourceOption.optional() };

export function dataToReconstruct(
  { data, reconstruct }: { readonly data?: BatchSource; readonly reconstruct: Reconstruction },
  context: z.RefinementCtx,
): void {
  if (reconstruct !== 'none' && !data)
    context.addIssue({ code: 'custom', path: ['data'], message: 'must be given to reconstruct on' });
}

export type CriterionOptions = PruningOptions & {
  readonly normalize: Normalization;
  readonly batches?: number;
  readonly reconstruct: Reconstruction;
  readonly data?: BatchSource;
};

/** The evidence that options name, within a pass. */
export function evidenceOf(
  { data, batches }: { readonly data: BatchSource; readonly batches?: number },
  { evaluator, random, lowerings, signal }: PassContext,
): Evidence {
  return { data, batches, evaluator, random, lowerings, signal };
}

/**
 * Ranks, removes and reconstructs: all of a pass that prunes by a criterion. The report is that of `pruneRanked`, with
 * `reconstructed` where layers were fitted.
 * @throws MODEL_INVALID where the criterion can judge no group, and what the criterion, `pruneRanked` and `reconstructLayers` throw
 */
export async function pruneByCriterion(
  model: Model,
  context: PassContext,
  options: CriterionOptions,
  rank: (groups: readonly ChannelGroup[]) => readonly RankedGroup[] | Promise<readonly RankedGroup[]>,
) {
  const { groups } = channelGroups(model);
  const ranked = normalizeImportance(await rank(groups), options.normalize);
  if (ranked.length === 0)
    throw new WhittleError(
      'MODEL_INVALID',
      `pruning: none of the ${groups.length} channel groups of ${model.name} can be judged by this criterion`,
    );
  const { model: pruned, report, removed } = await pruneRanked(model, ranked, options, context);
  const { data, batches, reconstruct } = options;
  if (reconstruct === 'none' || !data || pruned === model) return { model: pruned, report };
  const evidence = evidenceOf({ data, batches }, context);
  const fitted = await reconstructLayers(model, pruned, removed, evidence, { fit: reconstruct });
  for (const { name, errorBefore, errorAfter } of fitted.layers)
    context.log(`pruning: ${name} is off by ${percent(errorBefore)}, ${percent(errorAfter)} once fitted`);
  return { model: fitted.model, report: { ...report, reconstructed: fitted.layers } };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
