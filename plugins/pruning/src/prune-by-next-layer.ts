import { z } from 'zod';
import { criterionShape, evidenceOf, evidenceShape } from './criterion-options.js';
import { defineCriterion } from './define-criterion.js';
import { rankByNextLayer } from './rank-by-next-layer.js';

/** Removes, greedily, the channels that the next layers miss least, and rescales the others (ThiNet, Luo et al. 2017). */
export const pruneByNextLayer = defineCriterion({
  name: 'pruning/prune-by-next-layer',
  description: 'Removes the channels that the next layers miss least, and rescales the others',
  options: z.strictObject({
    ...criterionShape('none', 'scales'),
    ...evidenceShape,
    /** Positions of a layer's output that are looked at in each example. */
    positions: z.number().int().positive().default(10),
  }),
  rank: (model, groups, options, context) =>
    rankByNextLayer(model, groups, evidenceOf(options, context), options),
});
