import { oneGoal } from '@whittle/channel-pruning';
import { definePass } from '@whittle/core';

import { z } from 'zod';
import {
  criterionShape,
  dataToReconstruct,
  reconstructionShape,
  pruneByCriterion,
} from './criterion-options.js';
import { rankByGeometricMedian } from './rank-by-geometric-median.js';

/** Removes the channels whose filters are closest to the geometric median of their group (FPGM, He et al. 2019). */
export const pruneByGeometricMedian = definePass({
  name: 'pruning/prune-by-geometric-median',
  description: 'Removes the channels whose filters the others of their group stand in for best',
  options: z
    .object({ ...criterionShape('mean'), ...reconstructionShape })
    .strict()
    .superRefine(oneGoal)
    .superRefine(dataToReconstruct),
  changes: ['structure', 'weights'],
  run(model, context, options) {
    return pruneByCriterion(model, context, options, (groups) => rankByGeometricMedian(model, groups));
  },
});
