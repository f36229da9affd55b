import { termOption } from '@whittle/train';
import { z } from 'zod';
import { criterionShape, evidenceOf, evidenceShape } from './criterion-options.js';
import { defineCriterion } from './define-criterion.js';
import { rankByWeightTaylor } from './rank-by-taylor.js';

/** Removes the channels whose weights change the loss least, to first order (Molchanov et al. 2019). */
export const pruneByWeightTaylor = defineCriterion({
  name: 'pruning/prune-by-weight-taylor',
  description: 'Removes the channels whose weights change the loss least, to first order',
  options: z.strictObject({
    ...criterionShape('none'),
    ...evidenceShape,
    /** Weights of filters, or scales and offsets of norms. */
    of: z.enum(['weights', 'scales']).default('weights'),
    /** The loss; cross entropy unless told. */
    terms: z.array(termOption).nonempty().optional(),
  }),
  rank: (model, groups, options, context) =>
    rankByWeightTaylor(model, groups, evidenceOf(options, context), options),
});
