import { modelCost, WhittleError } from '@whittle/core';
import type { Model } from '@whittle/core';

export interface ScratchEpochsOptions {
  /** `E`: as many epochs as the dense network had; `B`: as many multiply-adds in all, which is more epochs. */
  readonly budget: 'E' | 'B';
  /** Epochs that the dense network was trained for. */
  readonly epochs: number;
  /** The most times `epochs` that B gives; no limit unless told. */
  readonly most?: number;
}

/**
 * Epochs for which a pruned architecture is trained from fresh weights, to compare with pruning (Liu et al. 2019, section
 * 3: Scratch-E and Scratch-B). @throws OPTION_INVALID
 */
export function scratchEpochs(
  dense: Model,
  pruned: Model,
  { budget, epochs, most = Infinity }: ScratchEpochsOptions,
): number {
  if (!(Number.isInteger(epochs) && epochs >= 1) || !(most >= 1))
    throw new WhittleError(
      'OPTION_INVALID',
      `scratchEpochs: epochs must be an integer of at least 1 and most at least 1, found ${epochs} and ${most}`,
    );
  if (budget === 'E') return epochs;
  return Math.round(epochs * Math.min(most, modelCost(dense).macs / modelCost(pruned).macs));
}
