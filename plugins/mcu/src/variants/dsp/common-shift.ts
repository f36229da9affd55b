import { reachOf } from './output-stage.js';
import type { OutputStage } from './output-stage.js';

/** Binary digits that weights are lifted by: 2 for the halves of both roundings, 8 for what int16 holds. */
const LIFTS = { least: 2, most: 8 } as const;
const LARGEST_SHIFT = 22;
/** Layers whose channels leave a choice take a multiple of this, so that they share an instance of their kernel. */
const STEP = 4;

/**
 * One right shift for all channels, behind a truncating high product, where weights may be lifted by channel to make up
 * for it; 0 where there is none. A channel is lifted by the common shift less `shifts`.
 */
export function commonShift({ shifts, filters }: OutputStage, inputZeroPoint: number): number {
  let least = 1;
  let most = LARGEST_SHIFT;
  filters.forEach((filter, c) => {
    const [low, high] = reachOf(filter, inputZeroPoint);
    const room = Math.clz32(Math.max(high, -low - 1)) - 1;
    least = Math.max(least, shifts[c] + LIFTS.least);
    most = Math.min(most, shifts[c] + Math.min(LIFTS.most, room));
  });
  if (least > most) return 0;
  const round = most - (most % STEP);
  return round >= least ? round : least;
}
