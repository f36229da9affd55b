import { oneGoal } from '@whittle/channel-pruning';
import { definePass } from '@whittle/core';

import { z } from 'zod';
import {
  criterionShape,
  dataToReconstruct,
  reconstructionShape,
  pruneByCriterion,
} from './criterion-options.js';
import { rankByMagnitude } from './rank-by-magnitude.js';

/** Removes the channels whose filters have the smallest L1 or L2 norm (Li et al. 2017). */
export const pruneByMagnitude = definePass({
  name: 'pruning/prune-by-magnitude',
  description: 'Removes the channels whose filters have the smallest norm',
  options: z
    .object({
      ...criterionShape('mean'),
      ...reconstructionShape /** 1: sum |w|; 2: the square root of sum w^2. */,
      norm: z.union([z.literal(1), z.literal(2)]).default(1),
    })
    .strict()
    .superRefine(oneGoal)
    .superRefine(dataToReconstruct),
  changes: ['structure', 'weights'],
  run(model, context, options) {
    return pruneByCriterion(model, context, options, (groups) => rankByMagnitude(model, groups, options));
  },
});
