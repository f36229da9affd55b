import type { RankedGroup } from '@whittle/channel-pruning';
import type { ChannelGroup, Model } from '@whittle/core';
import { channelContributions } from './channel-contributions.js';
import type { SampleOptions } from './channel-contributions.js';
import type { Evidence } from './evidence.js';

/**
 * Ranks channels by the next layers' statistics (ThiNet, Luo et al. 2017, algorithm 1): one after another that channel goes
 * without which the sum of squares of all that the removed ones contribute to the next layers' outputs (equation 6) stays
 * smallest. A channel's importance is that sum, as a share of the outputs' own, once it is gone (or the largest so far: the
 * sum falls where contributions cancel). Groups that no layer reads which mixes channels are left out.
 *
 * It compares channels of one group; the authors remove the same share of every group.
 * @throws what `channelContributions` throws
 */
export async function rankByNextLayer(
  model: Model,
  groups: readonly ChannelGroup[],
  evidence: Evidence,
  options: SampleOptions = {},
): Promise<RankedGroup[]> {
  const contributions = await channelContributions(model, groups, evidence, options);
  return contributions.map(({ group, gram }) => ({ group, importance: greedyImportance(gram) }));
}

/** Importances by greedy removal, from the inner products [c, c] of what the channels contribute. */
export function greedyImportance(gram: Float64Array): Float64Array {
  const count = Math.sqrt(gram.length);
  const energy = gram.reduce((sum, x) => sum + x, 0) || 1;
  const importance = new Float64Array(count);
  const left = new Set(importance.keys());
  /** Of each channel, its inner product with the sum of the removed ones. */
  const withRemoved = new Float64Array(count);
  let removed = 0;
  let last = -Infinity;
  while (left.size > 0) {
    let best = -1;
    let least = Infinity;
    for (const channel of left) {
      const sum = removed + 2 * withRemoved[channel] + gram[channel * count + channel];
      if (sum < least) [best, least] = [channel, sum];
    }
    left.delete(best);
    removed = least;
    for (let channel = 0; channel < count; channel++) withRemoved[channel] += gram[best * count + channel];
    importance[best] = last = Math.max(removed / energy, nextAbove(last));
  }
  return importance;
}

/** A number barely above: channels keep the order in which they went. */
function nextAbove(value: number): number {
  return value === -Infinity
    ? value
    : value + Math.max(Math.abs(value), Number.MIN_VALUE / Number.EPSILON) * 4e-16;
}
