import { oneGoal } from '@whittle/channel-pruning';
import { definePass } from '@whittle/core';

import { z } from 'zod';
import {
  criterionShape,
  dataToReconstruct,
  evidenceOf,
  evidenceShape,
  pruneByCriterion,
} from './criterion-options.js';
import { rankByZeroActivations } from './rank-by-zero-activations.js';

/** Removes the channels whose activations are zero most often (APoZ, Hu et al. 2016). */
export const pruneByZeroActivations = definePass({
  name: 'pruning/prune-by-zero-activations',
  description: 'Removes the channels that are zero most often',
  options: z
    .object({ ...criterionShape('none'), ...evidenceShape })
    .strict()
    .superRefine(oneGoal)
    .superRefine(dataToReconstruct),
  changes: ['structure', 'weights'],
  run(model, context, options) {
    return pruneByCriterion(model, context, options, (groups) =>
      rankByZeroActivations(model, groups, evidenceOf(options, context)),
    );
  },
});
