import type { ChannelMultipliers } from '@whittle/int8';

/** Right shifts that the vector kernels' output stage takes: the short form of whittle_requantize.h. */
const SHIFTS = { smallest: -22, largest: -1 } as const;

/**
 * Multipliers and shifts as the vector kernels take them: a channel that vanishes gets a shift in range, which is all the
 * same to it. Undefined where another channel's shift is out of range.
 */
export function shortForm({ multipliers, shifts }: ChannelMultipliers): ChannelMultipliers | undefined {
  const changed = shifts.map((shift, c) => (multipliers[c] === 0 ? SHIFTS.largest : shift));
  return changed.every(isShort) ? { multipliers, shifts: changed } : undefined;
}

/** Whether an output stage with this shift is of the short form. */
export function isShort(shift: number): boolean {
  return shift >= SHIFTS.smallest && shift <= SHIFTS.largest;
}
