import { definePass } from '@whittle/core';
import { coupledOption, oneGoal, pruneBy, pruningShape } from '@whittle/channel-pruning';
import { z } from 'zod';
import { rankChannels } from './importance.js';
import { rankedByScales } from './ranked-by-scales.js';

/** Options of every criterion, and what becomes of coupled channels. */
export const pruneChannelsOptions = z
  .object({
    ...pruningShape,
    /**
     * Channels that several layers read, over residual additions or concatenations: `group` removes them for all of them,
     * `select` keeps them and takes those that a batch norm needs in front of it, as pre-activation ResNets and DenseNets want.
     */
    coupled: coupledOption,
  })
  .strict()
  .superRefine(oneGoal);

/**
 * Removes the channels whose batch-norm scales are smallest over the whole network (Network Slimming, Liu et al. 2017),
 * for real: the model that comes out is smaller. Reports the threshold and, for each group, the channels before and after.
 */
export const pruneChannels = definePass({
  name: 'slimming/prune-channels',
  description:
    'Removes the channels with the smallest batch-norm scales, by one global threshold or to a budget',
  options: pruneChannelsOptions,
  changes: ['structure', 'weights'],
  requires: () => [rankedByScales],
  run: (model, context, options) => pruneBy(model, rankChannels, options, context),
});
