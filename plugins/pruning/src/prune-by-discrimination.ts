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
import { rankByDiscrimination } from './rank-by-discrimination.js';

/** Removes the channels that do least for telling classes apart, layer by layer (Zhuang et al. 2018). */
export const pruneByDiscrimination = definePass({
  name: 'pruning/prune-by-discrimination',
  description: 'Removes the channels that do least for telling classes apart',
  options: z
    .object({
      ...criterionShape('none', 'weights'),
      ...evidenceShape /** Weight of the discrimination loss. */,
      lambda: z.number().min(0).default(1) /** Rounds in which all channels are chosen. */,
      rounds: z
        .number()
        .int()
        .positive()
        .default(8) /** Runs through the examples in which each classifier is trained. */,
      classifierEpochs: z.number().int().positive().default(10),
    })
    .strict()
    .superRefine(oneGoal)
    .superRefine(dataToReconstruct),
  changes: ['structure', 'weights'],
  run(model, context, options) {
    return pruneByCriterion(model, context, options, (groups) =>
      rankByDiscrimination(model, groups, evidenceOf(options, context), options),
    );
  },
});
