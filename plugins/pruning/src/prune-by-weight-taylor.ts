import { oneGoal } from '@whittle/channel-pruning';
import { definePass } from '@whittle/core';
import { termOption } from '@whittle/train';
import { z } from 'zod';
import {
  criterionShape,
  dataToReconstruct,
  evidenceOf,
  evidenceShape,
  pruneByCriterion,
} from './criterion-options.js';
import { rankByWeightTaylor } from './rank-by-taylor.js';

/** Removes the channels whose weights change the loss least, to first order (Molchanov et al. 2019). */
export const pruneByWeightTaylor = definePass({
  name: 'pruning/prune-by-weight-taylor',
  description: 'Removes the channels whose weights change the loss least, to first order',
  options: z
    .object({
      ...criterionShape('none'),
      ...evidenceShape /** Weights of filters, or scales and offsets of norms. */,
      of: z.enum(['weights', 'scales']).default('weights') /** The loss; cross entropy unless told. */,
      terms: z.array(termOption).nonempty().optional(),
    })
    .strict()
    .superRefine(oneGoal)
    .superRefine(dataToReconstruct),
  changes: ['structure', 'weights'],
  run(model, context, options) {
    return pruneByCriterion(model, context, options, (groups) =>
      rankByWeightTaylor(model, groups, evidenceOf(options, context), options),
    );
  },
});
