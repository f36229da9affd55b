import type { RankedGroup } from '@whittle/channel-pruning';
import { z } from 'zod';

/**
 * How groups are made to compare where channels of the whole network are ranked together.
 *
 * - `none`: as the criterion gives it.
 * - `mean`: divided by the mean over the group's channels, so that every group's mean is 1.
 * - `l2`: divided by the l2 norm over the group's channels (Molchanov et al. 2017, section 2.2).
 */
export const normalization = z.enum(['none', 'mean', 'l2']);
export type Normalization = z.infer<typeof normalization>;

/** Groups whose importances are all zero stay as they are. */
export function normalizeImportance(ranked: readonly RankedGroup[], by: Normalization): RankedGroup[] {
  return ranked.map(({ group, importance }) => {
    const scale =
      by === 'none'
        ? 1
        : by === 'mean'
          ? importance.reduce((sum, x) => sum + Math.abs(x), 0) / importance.length
          : Math.sqrt(importance.reduce((sum, x) => sum + x * x, 0));
    return { group, importance: scale > 0 ? importance.map((x) => x / scale) : importance };
  });
}
