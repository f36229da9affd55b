import { doublingHighMultiply, roundingDivideByPowerOfTwo, shiftLeftSaturating } from './fixed-point.js';
import { INT32_MAX } from './rounding.js';

/*
 * gemmlowp's fixed-point functions. A Qk number is an int32 with k integer bits: real = stored / 2^(31 - k). The product
 * of Qa and Qb by `doublingHighMultiply` is Q(a + b).
 */

/** exp(-2^i) in Q0, for i = -2 to 4. */
const POWERS = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242] as const;
const EXP_OF_MINUS_EIGHTH = 1895147668;
const THIRD = 715827883;

/** exp(a) in Q0 of a <= 0 in Qk, `k` 0 to 5. Of 0 it is 2^31 - 1. */
export function expOfNegative(a: number, k: number): number {
  if (a === 0) return INT32_MAX;
  const quarter = 1 << (29 - k);
  const remainder = (a & (quarter - 1)) - quarter;
  let result = expNearZero(remainder << k);
  const rest = remainder - a;
  for (let i = -2; i < k && i <= 4; i++)
    if (rest & (1 << (31 - k + i))) result = doublingHighMultiply(result, POWERS[i + 2]);
  return result;
}

/** exp(a) of a in [-1/4, 0), both Q0: the Taylor polynomial of degree 4 around -1/8. */
function expNearZero(a: number): number {
  const x = a + (1 << 28);
  const x2 = doublingHighMultiply(x, x);
  const x3 = doublingHighMultiply(x2, x);
  const x4 = doublingHighMultiply(x2, x2);
  const high = doublingHighMultiply(roundingDivideByPowerOfTwo(x4, 2) + x3, THIRD) + x2;
  const sum = x + roundingDivideByPowerOfTwo(high, 1);
  return EXP_OF_MINUS_EIGHTH + doublingHighMultiply(EXP_OF_MINUS_EIGHTH, sum);
}

/** 2 / (1 + a) in Q2 of a in [0, 1] in Q0: three Newton steps from 48/17 - 32/17 d, d = (1 + a) / 2. */
function newtonReciprocal(a: number): number {
  const half = Math.floor((a + 2147483648) / 2);
  let x = 1515870810 + doublingHighMultiply(half, -1010580540);
  for (let step = 0; step < 3; step++) {
    const error = (1 << 29) - doublingHighMultiply(half, x);
    x += shiftLeftSaturating(doublingHighMultiply(x, error), 2);
  }
  return x;
}

/** 1 / (1 + a) in Q0 of a in [0, 1] in Q0. */
export function reciprocalOfOnePlus(a: number): number {
  return shiftLeftSaturating(newtonReciprocal(a), 1);
}

/** (1 - a) / (1 + a) in Q0 of a in [0, 1] in Q0. */
export function oneMinusOverOnePlus(a: number): number {
  return shiftLeftSaturating(newtonReciprocal(a) - (1 << 29), 2);
}
