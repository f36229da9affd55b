import type { ChannelMultipliers } from '@whittle/int8';

/** What kernels rescale sums of raw products with. */
export interface LinearScaling {
  /** Biases with -input zero point * sum of weights in them. */
  readonly biases: Int32Array;
  readonly multipliers: Int32Array;
  /** To the right, 1 to 31. */
  readonly shifts: Int32Array;
  /** Whether every bias has 24 bits at most. */
  readonly narrow: boolean;
}

interface Layer extends ChannelMultipliers {
  readonly inputZeroPoint: number;
}

/**
 * Scaling of a layer whose kernels multiply inputs as they are; `filters` has a row of weights for each output.
 * Undefined where a factor is 1/2 or more, which the kernels' output stage doesn't cover.
 */
export function linearScaling(
  { multipliers, shifts, inputZeroPoint }: Layer,
  filters: readonly Int8Array[],
  bias: Int32Array | undefined,
): LinearScaling | undefined {
  // A vanished multiplier has no shift; any rounds its 0 to 0.
  const right = Int32Array.from(shifts, (shift, c) => (multipliers[c] === 0 ? 1 : -shift));
  if (right.some((shift) => shift < 1 || shift > 31)) return undefined;
  const biases = Int32Array.from(filters, (weights, c) => {
    let sum = 0;
    for (const weight of weights) sum += weight;
    return (bias?.[c] ?? 0) - inputZeroPoint * sum;
  });
  return { biases, multipliers, shifts: right, narrow: biases.every((value) => (value << 8) >> 8 === value) };
}
