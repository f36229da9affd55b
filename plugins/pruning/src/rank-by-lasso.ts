import type { RankedGroup } from '@whittle/channel-pruning';
import type { ChannelGroup, Model } from '@whittle/core';
import { channelContributions } from './channel-contributions.js';
import type { SampleOptions } from './channel-contributions.js';
import type { Evidence } from './evidence.js';
import { lassoPath } from './lasso-path.js';

/**
 * Ranks channels by LASSO regression of the next layers' outputs Y on what each channel contributes to them: argmin over beta
 * of 1/2 || Y - sum over i of beta_i X_i W_i ||^2 + lambda || beta ||_1 (channel pruning, He et al. 2017, section 3.1). The
 * authors raise lambda until as many beta are 0 as channels are to go; a channel's importance is the lambda, as a share of the
 * smallest one with which all are 0, from which on it is in use. So any number of channels can be taken of the same ranking.
 * Groups that no layer reads which mixes channels are left out.
 *
 * It compares channels of one group. `reconstructLayers` then fits what is left of the weights, as the authors do.
 * @throws what `channelContributions` throws
 */
export async function rankByLasso(
  model: Model,
  groups: readonly ChannelGroup[],
  evidence: Evidence,
  options: SampleOptions = {},
): Promise<RankedGroup[]> {
  const contributions = await channelContributions(model, groups, evidence, options);
  return contributions.map(({ group, gram }) => ({ group, importance: lassoImportance(gram) }));
}

/** Importances from the inner products [c, c] of what the channels contribute to outputs that are their sum. */
export function lassoImportance(gram: Float64Array): Float64Array {
  const count = Math.sqrt(gram.length);
  const target = Float64Array.from({ length: count }, (_, i) =>
    gram.subarray(i * count, (i + 1) * count).reduce((sum, x) => sum + x, 0),
  );
  const importance = new Float64Array(count);
  let entered = 0;
  let above = 1;
  for (const { share, beta } of lassoPath(gram, target)) {
    const news = [...beta.keys()].filter((i) => beta[i] !== 0 && importance[i] === 0);
    const most = Math.max(...news.map((i) => Math.abs(beta[i])));
    // Channels that enter between two lambdas of the path are ordered by how far they have come.
    for (const i of news) importance[i] = share + ((above - share) * Math.abs(beta[i])) / (2 * most);
    entered += news.length;
    if (entered === count) break;
    above = share;
  }
  return importance;
}
