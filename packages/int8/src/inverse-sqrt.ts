import { doublingHighMultiply, roundingDivideByPowerOfTwo, shiftLeftSaturating } from './fixed-point.js';
import type { Multiplier } from './fixed-point.js';
import { INT32_MAX } from './rounding.js';

/** sqrt(1/2) in Q0. */
const SQRT_HALF = 1518500250;
/** 1 and 1.5 with 28 fractional bits. */
const ONE = 1 << 28;
const ONE_AND_A_HALF = 3 << 27;

/**
 * 1 / sqrt(x) of an int32 from 0 on, as TFLM finds it for RSQRT and L2_NORMALIZATION: five Newton steps from 1, after x was
 * brought to [2^27, 2^29) by a power of 4. Of 0 it is 1, as of 1; the shift is 0 or to the right.
 */
export function inverseSqrt(x: number): Multiplier {
  if (x <= 1) return { multiplier: INT32_MAX, shift: 0 };
  let right = 11;
  let scaled = x;
  for (; scaled >= 2 ** 29; right++) scaled = Math.floor(scaled / 4);
  const pairs = Math.floor((Math.clz32(scaled) - 1) / 2) - 1;
  right -= pairs;
  const half = roundingDivideByPowerOfTwo((scaled << (2 * pairs)) >> 1, 1);
  let root = ONE;
  for (let step = 0; step < 5; step++) {
    const cube = shiftLeftSaturating(doublingHighMultiply(doublingHighMultiply(root, root), root), 6);
    const next = doublingHighMultiply(ONE_AND_A_HALF, root) - doublingHighMultiply(half, cube);
    root = shiftLeftSaturating(next | 0, 3);
  }
  const multiplier = doublingHighMultiply(root, SQRT_HALF);
  return right < 0
    ? { multiplier: multiplier << -right, shift: 0 }
    : { multiplier, shift: right === 0 ? 0 : -right };
}
