import { z } from 'zod';
import { criterionShape, reconstructionShape } from './criterion-options.js';
import { defineCriterion } from './define-criterion.js';
import { rankByMagnitude } from './rank-by-magnitude.js';

/** Removes the channels whose filters have the smallest L1 or L2 norm (Li et al. 2017). */
export const pruneByMagnitude = defineCriterion({
  name: 'pruning/prune-by-magnitude',
  description: 'Removes the channels whose filters have the smallest norm',
  options: z.strictObject({
    ...criterionShape('mean'),
    ...reconstructionShape,
    /** 1: sum |w|; 2: the square root of sum w^2. */
    norm: z.union([z.literal(1), z.literal(2)]).default(1),
  }),
  rank: (model, groups, options) => rankByMagnitude(model, groups, options),
});
