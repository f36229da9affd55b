import { INT32_MAX, INT32_MIN, roundHalfAway } from './rounding.js';

/**
 * A real factor in fixed point: multiplier * 2^(shift - 31), with 2^30 <= |multiplier| < 2^31, or both 0. A positive
 * shift is to the left.
 */
export interface Multiplier {
  readonly multiplier: number;
  readonly shift: number;
}

const float64 = new Float64Array(1);
const words = new Uint32Array(float64.buffer);
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** x = fraction * 2^exponent with 0.5 <= |fraction| < 1, as C's `frexp`; of zero and of subnormal numbers 0, 0. */
export function splitExponent(x: number): { readonly fraction: number; readonly exponent: number } {
  float64[0] = x;
  const biased = (words[HIGH] >>> 20) & 0x7ff;
  if (biased === 0) return { fraction: 0, exponent: 0 };
  words[HIGH] = (words[HIGH] & 0x800fffff) | (1022 << 20);
  return { fraction: float64[0], exponent: biased - 1022 };
}

/** A double in fixed point, as TFLM derives it. Magnitudes below 2^-32 become 0. */
export function quantizeMultiplier(real: number): Multiplier {
  const { multiplier, shift } = quantizeMultiplierUnflushed(real);
  return shift < -31 ? { multiplier: 0, shift: 0 } : { multiplier, shift };
}

/** `quantizeMultiplier` that keeps magnitudes below 2^-32, for the input scale of LOGISTIC and TANH. */
export function quantizeMultiplierUnflushed(real: number): Multiplier {
  const { fraction, exponent } = splitExponent(real);
  const rounded = roundHalfAway(fraction * 2147483648);
  return Math.abs(rounded) === 2147483648
    ? { multiplier: rounded / 2, shift: exponent + 1 }
    : { multiplier: rounded, shift: exponent };
}

/**
 * (2 a b) / 2^32 of two int32, halves toward +infinity; a = b = -2^31 gives 2^31 - 1. The 64-bit product is built from
 * the halves of `a`, each part below 2^53 and so exact.
 */
export function doublingHighMultiply(a: number, b: number): number {
  const low = Math.floor(((a & 0xffff) * b + 1073741824) / 65536);
  const result = Math.floor(((a >> 16) * b + low) / 32768);
  return result > INT32_MAX ? INT32_MAX : result;
}

/** x / 2^exponent of an int32, halves away from zero; exponent 0 to 31. */
export function roundingDivideByPowerOfTwo(x: number, exponent: number): number {
  const mask = exponent === 31 ? INT32_MAX : (1 << exponent) - 1;
  const threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

/**
 * x * multiplier * 2^(shift - 31) of an int32, rounded twice: by the high product, then by the right shift. A left shift
 * comes first and wraps in 32 bits. Shift -31 to 31.
 */
export function multiplyByQuantizedMultiplier(x: number, multiplier: number, shift: number): number {
  return shift > 0
    ? doublingHighMultiply(x << shift, multiplier)
    : roundingDivideByPowerOfTwo(doublingHighMultiply(x, multiplier), -shift);
}

/**
 * A multiplier of 31 bits in 16, as sums of 64 bits are rescaled by: rounded, at most 32767. Real factor: result *
 * 2^(shift - 15).
 */
export function reduceMultiplier(multiplier: number): number {
  return multiplier < 0x7fff0000 ? (multiplier + 0x8000) >> 16 : 0x7fff;
}

/**
 * x * multiplier * 2^(shift - 31) of an integer |x| < 2^47, the multiplier reduced to 16 bits, rounded once with halves
 * toward +infinity, wrapped to 32 bits. Shift -31 to 7. The product of 62 bits is taken in halves that doubles hold exactly.
 */
export function multiplyWideByQuantizedMultiplier(x: number, multiplier: number, shift: number): number {
  const factor = reduceMultiplier(multiplier);
  const right = 15 - shift;
  const high = Math.floor(x / 65536);
  const low = (x - high * 65536) * factor + 2 ** (right - 1);
  return right >= 16
    ? Math.floor((high * factor + Math.floor(low / 65536)) / 2 ** (right - 16)) | 0
    : (((high * factor * 2 ** (16 - right)) | 0) + Math.floor(low / 2 ** right)) | 0;
}

/** x * 2^exponent saturated to int32, 0 < exponent < 31. One value at the negative end saturates early, as in gemmlowp. */
export function shiftLeftSaturating(x: number, exponent: number): number {
  const limit = 2 ** (31 - exponent) - 1;
  return x > limit ? INT32_MAX : x < -limit ? INT32_MIN : x << exponent;
}
