import { oneGoal } from '@whittle/channel-pruning';
import { definePass } from '@whittle/core';

import { z } from 'zod';
import {
  criterionShape,
  dataToReconstruct,
  reconstructionShape,
  pruneByCriterion,
} from './criterion-options.js';
import { rankAtRandom } from './rank-at-random.js';

/** Removes channels at random, fixed by the seed of the run: the baseline of all criteria. */
export const pruneAtRandom = definePass({
  name: 'pruning/prune-at-random',
  description: 'Removes channels at random: the baseline of all criteria',
  options: z
    .object({ ...criterionShape('none'), ...reconstructionShape })
    .strict()
    .superRefine(oneGoal)
    .superRefine(dataToReconstruct),
  changes: ['structure', 'weights'],
  run(model, context, options) {
    return pruneByCriterion(model, context, options, (groups) => rankAtRandom(groups, context.random));
  },
});
