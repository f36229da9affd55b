import { z } from 'zod';
import { criterionShape, evidenceOf, evidenceShape } from './criterion-options.js';
import { defineCriterion } from './define-criterion.js';
import { rankByLasso } from './rank-by-lasso.js';

/** Removes the channels that LASSO regression of the next layers leaves out, and fits what is left of their weights (He et al. 2017). */
export const pruneByLasso = defineCriterion({
  name: 'pruning/prune-by-lasso',
  description:
    'Removes the channels that LASSO regression of the next layers leaves out, and fits the weights',
  options: z.strictObject({
    ...criterionShape('none', 'weights'),
    ...evidenceShape,
    /** Positions of a layer's output that are looked at in each example. */
    positions: z.number().int().positive().default(10),
  }),
  rank: (model, groups, options, context) =>
    rankByLasso(model, groups, evidenceOf(options, context), options),
});
