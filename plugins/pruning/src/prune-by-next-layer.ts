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
import { rankByNextLayer } from './rank-by-next-layer.js';

/** Removes, greedily, the channels that the next layers miss least, and rescales the others (ThiNet, Luo et al. 2017). */
export const pruneByNextLayer = definePass({
  name: 'pruning/prune-by-next-layer',
  description: 'Removes the channels that the next layers miss least, and rescales the others',
  options: z
    .object({
      ...criterionShape('none', 'scales'),
      ...evidenceShape /** Positions of a layer's output that are looked at in each example. */,
      positions: z.number().int().positive().default(10),
    })
    .strict()
    .superRefine(oneGoal)
    .superRefine(dataToReconstruct),
  changes: ['structure', 'weights'],
  run(model, context, options) {
    return pruneByCriterion(model, context, options, (groups) =>
      rankByNextLayer(model, groups, evidenceOf(options, context), options),
    );
  },
});
