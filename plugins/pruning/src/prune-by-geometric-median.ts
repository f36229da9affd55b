import { z } from 'zod';
import { criterionShape, reconstructionShape } from './criterion-options.js';
import { defineCriterion } from './define-criterion.js';
import { rankByGeometricMedian } from './rank-by-geometric-median.js';

/** Removes the channels whose filters are closest to the geometric median of their group (FPGM, He et al. 2019). */
export const pruneByGeometricMedian = defineCriterion({
  name: 'pruning/prune-by-geometric-median',
  description: 'Removes the channels whose filters the others of their group stand in for best',
  options: z.strictObject({
    ...criterionShape('mean'),
    ...reconstructionShape,
  }),
  rank: (model, groups) => rankByGeometricMedian(model, groups),
});
