import type { ChannelMultipliers } from '@whittle/int8';
import { weights } from '@whittle/kernel-api';
import type { KernelArgument } from '@whittle/kernel-api';

/** Multipliers and shifts of output channels as a kernel reads them: `step` 0 where all channels share one. */
export interface ChannelConstants {
  readonly step: 0 | 1;
  readonly multipliers: KernelArgument;
  readonly shifts: KernelArgument;
}

export function channelConstants({ multipliers, shifts }: ChannelMultipliers): ChannelConstants {
  const shared =
    multipliers.every((value) => value === multipliers[0]) && shifts.every((value) => value === shifts[0]);
  const count = shared ? 1 : multipliers.length;
  return {
    step: shared ? 0 : 1,
    multipliers: weights('multipliers', multipliers.slice(0, count)),
    shifts: weights('shifts', Int8Array.from(shifts.subarray(0, count))),
  };
}
