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
import { rankByActivationTaylor } from './rank-by-taylor.js';

/** Removes the channels whose activations change the loss least, to first order (Molchanov et al. 2017). */
export const pruneByActivationTaylor = definePass({
  name: 'pruning/prune-by-activation-taylor',
  description: 'Removes the channels whose activations change the loss least, to first order',
  options: z
    .object({
      ...criterionShape('l2'),
      ...evidenceShape /** The loss; cross entropy unless told. */,
      terms: z.array(termOption).nonempty().optional(),
    })
    .strict()
    .superRefine(oneGoal)
    .superRefine(dataToReconstruct),
  changes: ['structure', 'weights'],
  run(model, context, options) {
    return pruneByCriterion(model, context, options, (groups) =>
      rankByActivationTaylor(model, groups, evidenceOf(options, context), options),
    );
  },
});
