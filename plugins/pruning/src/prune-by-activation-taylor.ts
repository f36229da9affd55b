import { termOption } from '@whittle/train';
import { z } from 'zod';
import { criterionShape, evidenceOf, evidenceShape } from './criterion-options.js';
import { defineCriterion } from './define-criterion.js';
import { rankByActivationTaylor } from './rank-by-taylor.js';

/** Removes the channels whose activations change the loss least, to first order (Molchanov et al. 2017). */
export const pruneByActivationTaylor = defineCriterion({
  name: 'pruning/prune-by-activation-taylor',
  description: 'Removes the channels whose activations change the loss least, to first order',
  options: z.strictObject({
    ...criterionShape('l2'),
    ...evidenceShape,
    /** The loss; cross entropy unless told. */
    terms: z.array(termOption).nonempty().optional(),
  }),
  rank: (model, groups, options, context) =>
    rankByActivationTaylor(model, groups, evidenceOf(options, context), options),
});
