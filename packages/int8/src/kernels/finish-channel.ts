import type { ClampRange } from '../activation-range.js';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import type { ChannelMultipliers } from '../plans/multipliers.js';

/** What turns a 32-bit sum into a stored int8. */
export interface ChannelFinish extends ChannelMultipliers {
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** The int8 result of an output channel's sum: rescaled, offset, clamped. */
export function finishChannel(sum: number, channel: number, plan: ChannelFinish): number {
  const scaled = multiplyByQuantizedMultiplier(sum, plan.multipliers[channel], plan.shifts[channel]);
  const y = (scaled + plan.outputZeroPoint) | 0;
  return y < plan.clamp.min ? plan.clamp.min : y > plan.clamp.max ? plan.clamp.max : y;
}
