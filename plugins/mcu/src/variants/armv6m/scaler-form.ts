import type { ChannelMultipliers } from '@whittle/int8';

/** A form of whittle_scaler_armv6m.h, by its number there. */
export type ScalerForm = 0 | 1 | 2;

/** What kernels made for a form carry in their names. */
export const formNames = ['short_unsigned', 'short_signed', 'long_signed'] as const;

const SHORT_UNSIGNED = 0;
const SHORT_SIGNED = 1;
const LONG_SIGNED = 2;

/** What accumulators must stay below in the short and in the long forms. */
const SHORT_BOUND = 2_096_000;
const LONG_BOUND = 33_000_000;

/** The form for accumulators up to `bound`; nothing where a multiplier, a shift or an accumulator is out of its range. */
export function scalerForm(
  { multipliers, shifts }: ChannelMultipliers,
  bound: number,
  outputZeroPoint: number,
): ScalerForm | undefined {
  if (!multipliers.every((multiplier) => multiplier >= 2 ** 30)) return undefined;
  if (!shifts.every((shift) => shift >= -22 && shift <= -1)) return undefined;
  if (bound >= LONG_BOUND) return undefined;
  if (bound >= SHORT_BOUND) return LONG_SIGNED;
  return outputZeroPoint === -128 ? SHORT_UNSIGNED : SHORT_SIGNED;
}
