import { oneGoal } from '@whittle/channel-pruning';
import type { RankedGroup } from '@whittle/channel-pruning';
import { definePass } from '@whittle/core';
import type { ChannelGroup, Model, PassContext } from '@whittle/core';
import type { z } from 'zod';
import { dataToReconstruct, pruneByCriterion } from './criterion-options.js';
import type { CriterionOptions } from './criterion-options.js';

/** A criterion of pruning, of which `defineCriterion` makes a pass. */
export interface Criterion<Schema extends z.ZodType<CriterionOptions>> {
  readonly name: `pruning/${string}`;
  readonly description: string;
  /** `criterionShape`, `evidenceShape` or `reconstructionShape`, and options of its own. */
  readonly options: Schema;
  readonly rank: (
    model: Model,
    groups: readonly ChannelGroup[],
    options: z.output<Schema>,
    context: PassContext,
  ) => readonly RankedGroup[] | Promise<readonly RankedGroup[]>;
}

/** A pass that ranks by a criterion, removes and reconstructs, with exactly one goal, and data where it is to reconstruct. */
export function defineCriterion<Schema extends z.ZodType<CriterionOptions>>({
  name,
  description,
  options,
  rank,
}: Criterion<Schema>) {
  return definePass({
    name,
    description,
    options: options.superRefine(oneGoal).superRefine(dataToReconstruct),
    changes: ['structure', 'weights'],
    run: (model, context, given) =>
      pruneByCriterion(model, context, given, (groups) => rank(model, groups, given, context)),
  });
}
