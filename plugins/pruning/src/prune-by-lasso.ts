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
import { rankByLasso } from './rank-by-lasso.js';

/** Removes the channels that LASSO regression of the next layers leaves out, and fits what is left of their weights (He et al. 2017). */
export const pruneByLasso = definePass({
  name: 'pruning/prune-by-lasso',
  description:
    'Removes the channels that LASSO regression of the next layers leaves out, and fits the weights',
  options: z
    .object({
      ...criterionShape('none', 'weights'),
      ...evidenceShape /** Positions of a layer's output that are looked at in each example. */,
      positions: z.number().int().positive().default(10),
    })
    .strict()
    .superRefine(oneGoal)
    .superRefine(dataToReconstruct),
  changes: ['structure', 'weights'],
  run(model, context, options) {
    return pruneByCriterion(model, context, options, (groups) =>
      rankByLasso(model, groups, evidenceOf(options, context), options),
    );
  },
});
