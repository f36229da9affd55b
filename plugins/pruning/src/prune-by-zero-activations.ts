import { z } from 'zod';
import { criterionShape, evidenceOf, evidenceShape } from './criterion-options.js';
import { defineCriterion } from './define-criterion.js';
import { rankByZeroActivations } from './rank-by-zero-activations.js';

/** Removes the channels whose activations are zero most often (APoZ, Hu et al. 2016). */
export const pruneByZeroActivations = defineCriterion({
  name: 'pruning/prune-by-zero-activations',
  description: 'Removes the channels that are zero most often',
  options: z.strictObject({
    ...criterionShape('none'),
    ...evidenceShape,
  }),
  rank: (model, groups, options, context) =>
    rankByZeroActivations(model, groups, evidenceOf(options, context)),
});
