import type { ChannelGroup } from '@whittle/core';

/** Limits on what a selection may take from one group. */
export interface SelectionLimits {
  /** Channels that stay, at least 1. */
  readonly floor: number;
  /** The largest share of the channels that may go, 0 to 1. */
  readonly cap: number;
  /** Kept channels are rounded up to a multiple of this, as SIMD kernels like it. */
  readonly multiple: number;
}

/** The limits of each group. */
export type LimitsOf = (group: ChannelGroup) => SelectionLimits;
