import { z } from 'zod';
import { channelGroups, definePass, modelCost, WhittleError } from '@whittle/core';
import type { ChannelGroup, Property, Removal } from '@whittle/core';
import { rankChannels, scaleIds } from './importance.js';
import { removeInMultiples } from './remove-in-multiples.js';
import { selectChannels } from './select-channels.js';

/** The model has float batch norms, whose scales rank its channels. */
export const rankedByScales: Property = {
  name: 'ranked-by-scales',
  args: {},
  dependsOn: ['structure'],
  check: (model) =>
    scaleIds(model).length > 0
      ? undefined
      : { message: 'the model has no batch normalization, whose scales would rank its channels' },
};

export const pruneChannelsOptions = z
  .object({
    /** Share of all channels to remove, by one global threshold. */
    ratio: z.number().min(0).max(1),
    /** Channels that stay in each group. */
    floor: z.number().int().min(1).default(1),
    /** The largest share of one group that may go. */
    cap: z.number().min(0).max(1).default(1),
    /** Kept channels are rounded up to a multiple of this. */
    multiple: z.number().int().min(1).default(1),
    /** Names of groups (their first value) that keep all channels. */
    exclude: z.array(z.string()).default([]),
    /**
     * What becomes of what removed channels still send on, relu(beta): `exact` keeps a masked channel where a bias alone would
     * be wrong at padded borders, `bias` puts up with that, `none` drops it.
     */
    absorb: z.enum(['exact', 'bias', 'none']).default('exact'),
  })
  .strict();

/**
 * Removes the channels whose batch-norm scales are smallest over the whole network (Network Slimming, Liu et al. 2017),
 * for real: the model that comes out is smaller. Whole coupled groups go where residual additions or concatenations tie
 * channels. Reports the threshold and, for each group, the channels before and after.
 */
export const pruneChannels = definePass({
  name: 'slimming/prune-channels',
  description: 'Removes the channels with the smallest batch-norm scales, by one global threshold',
  options: pruneChannelsOptions,
  changes: ['structure', 'weights'],
  requires: () => [rankedByScales],
  run(model, context, options) {
    const { groups } = channelGroups(model);
    expectNames(options.exclude, groups);
    const ranked = rankChannels(
      model,
      groups.filter((group) => !options.exclude.includes(group.name)),
    );
    const selected = selectChannels(ranked, options.ratio, options);
    const { threshold } = selected;
    const { removals, result } = removeInMultiples(
      model,
      selected.removals,
      ranked,
      options.multiple,
      options,
    );
    const { model: pruned, carriers, inexact } = result;
    const countIn = (list: readonly Removal[], group: ChannelGroup) =>
      list.find((each) => each.group === group)?.channels.length ?? 0;
    const report = {
      threshold,
      groups: ranked.map(({ group }) => {
        const before = group.channels.length;
        const carrying = countIn(carriers, group);
        return { name: group.name, before, after: before - countIn(removals, group) + carrying, carrying };
      }),
      inexact,
    };
    for (const { name, reason } of inexact)
      context.log(`slimming: what ${name} reads of removed channels can't be made up for: ${reason}`);
    const [before, after] = [modelCost(model), modelCost(pruned)];
    context.log(
      `slimming: ${report.groups.reduce((sum, g) => sum + g.before - g.after, 0)} of ${report.groups.reduce((sum, g) => sum + g.before, 0)} channels removed, ` +
        `${before.macs} to ${after.macs} MACs, ${before.parameters} to ${after.parameters} parameters`,
    );
    return { model: pruned, report };
  },
});

/** @throws OPTION_INVALID where a name is not that of a group */
function expectNames(names: readonly string[], groups: readonly ChannelGroup[]): void {
  const unknown = names.find((name) => !groups.some((group) => group.name === name));
  if (unknown !== undefined)
    throw new WhittleError(
      'OPTION_INVALID',
      `slimming/prune-channels: option 'exclude': no channel group is named '${unknown}', expected some of: ${groups.map((group) => group.name).join(', ')}`,
    );
}
