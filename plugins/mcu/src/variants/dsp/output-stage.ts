import type { ChannelMultipliers } from '@whittle/int8';

/** Weights of an output channel, and the bias added to them. */
export interface Filter {
  readonly weights: Int8Array;
  readonly bias: number;
}

/** How the DSP kernels rescale accumulators: in the short form of whittle_requantize.h, multipliers at least 2^30. */
export interface OutputStage {
  readonly multipliers: Int32Array;
  /** Right shifts less one. */
  readonly shifts: Uint8Array;
  /** A channel whose multiplier vanishes has weights and bias 0. */
  readonly filters: readonly Filter[];
}

/** Undefined where the right shift of a channel is not 1 to 22. */
export function outputStage(
  { multipliers, shifts }: ChannelMultipliers,
  filters: readonly Filter[],
): OutputStage | undefined {
  const vanishes = (channel: number) => multipliers[channel] === 0;
  const right = Uint8Array.from(shifts, (shift, c) =>
    vanishes(c) ? 0 : Math.min(Math.max(0, -shift), 23) - 1,
  );
  if (right.some((shift) => shift > 21)) return undefined;
  return {
    multipliers: Int32Array.from(multipliers, (m, c) => (vanishes(c) ? 2 ** 30 : m)),
    shifts: right,
    filters: filters.map((filter, c) =>
      vanishes(c) ? { weights: new Int8Array(filter.weights.length), bias: 0 } : filter,
    ),
  };
}

/** Multipliers with what right shifts exceed their bases by, as whittle_packed_scale_dsp.h has them, and bases less one. */
export interface PackedScales {
  readonly multipliers: Uint32Array;
  /** One for all channels where no two of their shifts are more than 3 apart. */
  readonly bases: Uint8Array;
}

export function packScales({ multipliers, shifts }: OutputStage): PackedScales {
  const least = Math.min(...shifts);
  const bases = shifts.some((shift) => shift > least + 3) ? shifts : Uint8Array.of(least);
  return {
    multipliers: Uint32Array.from(
      multipliers,
      (multiplier, c) => 4 * (multiplier - 2 ** 30) + shifts[c] - (bases[c] ?? bases[0]),
    ),
    bases,
  };
}

/** Biases in 16 bits each, or in 32 where one needs more. */
export function packBiases(filters: readonly Filter[]): Int16Array | Int32Array {
  const biases = Int32Array.from(filters, ({ bias }) => bias);
  return biases.every((bias) => (bias << 16) >> 16 === bias) ? Int16Array.from(biases) : biases;
}

/** The least and the largest sum that int8 inputs can give with a filter. */
export function reachOf({ weights, bias }: Filter, inputZeroPoint: number): readonly [number, number] {
  let least = bias;
  let largest = bias;
  for (const weight of weights) {
    const low = weight * (-128 - inputZeroPoint);
    const high = weight * (127 - inputZeroPoint);
    least += Math.min(low, high);
    largest += Math.max(low, high);
  }
  return [least, largest];
}

/** The bias of a filter that multiplies inputs from which the zero point has not been taken off. */
export function foldedBias({ weights, bias }: Filter, inputZeroPoint: number): number {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return bias - inputZeroPoint * sum;
}

/** Whether all channels have one multiplier and shift. */
export function isShared({ multipliers, shifts }: OutputStage): boolean {
  return multipliers.every((value, c) => value === multipliers[0] && shifts[c] === shifts[0]);
}
