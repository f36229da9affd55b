import type { ClampRange } from '../activation-range.js';
import { multiplyByQuantizedMultiplier, multiplyWideByQuantizedMultiplier } from '../fixed-point.js';
import type { Accumulator } from '../plans/accumulator.js';
import type { ChannelMultipliers } from '../plans/multipliers.js';

/** What turns a sum into a stored value. */
export interface ChannelFinish extends ChannelMultipliers {
  readonly accumulator: Accumulator;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** The stored result of an output channel's sum: wrapped where it is of 32 bits, rescaled, offset, clamped. */
export function finishChannel(sum: number, channel: number, plan: ChannelFinish): number {
  const [multiplier, shift] = [plan.multipliers[channel], plan.shifts[channel]];
  const scaled =
    plan.accumulator === 'int32'
      ? multiplyByQuantizedMultiplier(sum | 0, multiplier, shift)
      : multiplyWideByQuantizedMultiplier(sum, multiplier, shift);
  const y = (scaled + plan.outputZeroPoint) | 0;
  return y < plan.clamp.min ? plan.clamp.min : y > plan.clamp.max ? plan.clamp.max : y;
}
