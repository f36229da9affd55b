import { z } from 'zod';
import { criterionShape, evidenceOf, evidenceShape } from './criterion-options.js';
import { defineCriterion } from './define-criterion.js';
import { rankByDiscrimination } from './rank-by-discrimination.js';

/** Removes the channels that do least for telling classes apart, layer by layer (Zhuang et al. 2018). */
export const pruneByDiscrimination = defineCriterion({
  name: 'pruning/prune-by-discrimination',
  description: 'Removes the channels that do least for telling classes apart',
  options: z.strictObject({
    ...criterionShape('none', 'weights'),
    ...evidenceShape,
    /** Weight of the discrimination loss. */
    lambda: z.number().min(0).default(1),
    /** Rounds in which all channels are chosen. */
    rounds: z.number().int().positive().default(8),
    /** Runs through the examples in which each classifier is trained. */
    classifierEpochs: z.number().int().positive().default(10),
  }),
  rank: (model, groups, options, context) =>
    rankByDiscrimination(model, groups, evidenceOf(options, context), options),
});
