import { channelGroups, definePass } from '@whittle/core';
import { pruneRanked, pruningOptions } from '@whittle/channel-pruning';
import { rankChannels } from './importance.js';
import { rankedByScales } from './ranked-by-scales.js';

/**
 * Removes the channels whose batch-norm scales are smallest over the whole network (Network Slimming, Liu et al. 2017),
 * for real: the model that comes out is smaller. Whole coupled groups go where residual additions or concatenations tie
 * channels. Reports the threshold and, for each group, the channels before and after.
 */
export const pruneChannels = definePass({
  name: 'slimming/prune-channels',
  description: 'Removes the channels with the smallest batch-norm scales, by one global threshold',
  options: pruningOptions,
  changes: ['structure', 'weights'],
  requires: () => [rankedByScales],
  run: (model, context, options) =>
    pruneRanked(model, rankChannels(model, channelGroups(model).groups), options, context),
});
