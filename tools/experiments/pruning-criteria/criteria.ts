import type { RankedGroup } from '@whittle/channel-pruning';
import type { ChannelGroup, Model } from '@whittle/core';
import {
  normalizeImportance,
  rankAtRandom,
  rankByActivationTaylor,
  rankByDiscrimination,
  rankByGeometricMedian,
  rankByLasso,
  rankByMagnitude,
  rankByNextLayer,
  rankByWeightTaylor,
  rankByZeroActivations,
} from '@whittle/pruning';
import type { Evidence, ReconstructOptions } from '@whittle/pruning';
import { rankChannels } from '@whittle/slimming';

/** A way to prune that the table compares. */
export interface CriterionEntry {
  readonly name: string;
  /** Whether each group loses the same share, or one threshold is taken over all. */
  readonly spread: 'uniform' | 'global';
  /** How layers are fitted after pruning. */
  readonly fit?: ReconstructOptions['fit'];
  rank(
    model: Model,
    groups: readonly ChannelGroup[],
    evidence: Required<Pick<Evidence, 'data' | 'batches' | 'evaluator' | 'random'>>,
  ): readonly RankedGroup[] | Promise<readonly RankedGroup[]>;
}

const l1: CriterionEntry['rank'] = (model, groups) =>
  normalizeImportance(rankByMagnitude(model, groups), 'mean');
const l2: CriterionEntry['rank'] = (model, groups) =>
  normalizeImportance(rankByMagnitude(model, groups, { norm: 2 }), 'mean');
const median: CriterionEntry['rank'] = (model, groups) =>
  normalizeImportance(rankByGeometricMedian(model, groups), 'mean');
const activations: CriterionEntry['rank'] = async (...given) =>
  normalizeImportance(await rankByActivationTaylor(...given), 'l2');

/** All criteria, with the same share of each group and, where they compare over groups, with one threshold. */
export const criteria: readonly CriterionEntry[] = [
  { name: 'random', spread: 'uniform', rank: (_, groups, { random }) => rankAtRandom(groups, random) },
  { name: 'L1 norm', spread: 'uniform', rank: l1 },
  { name: 'L1 norm, weights fitted', spread: 'uniform', fit: 'weights', rank: l1 },
  { name: 'L2 norm', spread: 'uniform', rank: l2 },
  { name: 'geometric median', spread: 'uniform', rank: median },
  { name: 'scales (Network Slimming)', spread: 'uniform', rank: rankChannels },
  { name: 'zero activations (APoZ)', spread: 'uniform', rank: rankByZeroActivations },
  { name: 'Taylor, activations', spread: 'uniform', rank: activations },
  { name: 'Taylor, weights', spread: 'uniform', rank: rankByWeightTaylor },
  { name: 'LASSO, weights fitted', spread: 'uniform', fit: 'weights', rank: rankByLasso },
  { name: 'next layer (ThiNet), scales fitted', spread: 'uniform', fit: 'scales', rank: rankByNextLayer },
  { name: 'discrimination, weights fitted', spread: 'uniform', fit: 'weights', rank: rankByDiscrimination },
  { name: 'L1 norm', spread: 'global', rank: l1 },
  { name: 'geometric median', spread: 'global', rank: median },
  { name: 'scales (Network Slimming)', spread: 'global', rank: rankChannels },
  { name: 'zero activations (APoZ)', spread: 'global', rank: rankByZeroActivations },
  { name: 'Taylor, activations', spread: 'global', rank: activations },
  { name: 'Taylor, weights', spread: 'global', rank: rankByWeightTaylor },
];
