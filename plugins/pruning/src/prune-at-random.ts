import { z } from 'zod';
import { criterionShape, reconstructionShape } from './criterion-options.js';
import { defineCriterion } from './define-criterion.js';
import { rankAtRandom } from './rank-at-random.js';

/** Removes channels at random, fixed by the seed of the run: the baseline of all criteria. */
export const pruneAtRandom = defineCriterion({
  name: 'pruning/prune-at-random',
  description: 'Removes channels at random: the baseline of all criteria',
  options: z.strictObject({
    ...criterionShape('none'),
    ...reconstructionShape,
  }),
  rank: (_model, groups, _options, { random }) => rankAtRandom(groups, random),
});
