import { doublingHighMultiply, roundingDivideByPowerOfTwo, shiftLeftSaturating } from './fixed-point.js';
import { reciprocalOfOnePlus } from './fixed-point-exp.js';

/*
 * Constants in Q0 (see fixed-point-exp): powers of 2, the logarithm of 2, and the coefficients of the quotient of two
 * polynomials that is near the logarithm around sqrt(sqrt(1/2)).
 */
const LOG_2 = 1488522236;
const SQRT_HALF = 1518500250;
const FOURTH_ROOT_OF_HALF = 1805811301;
/** 11/240, 1/20 and 1/4 times the fourth root of 2, and 2 / it - it. */
const NUMERATOR = 117049297;
const DENOMINATOR_SQUARE = 127690142;
const DENOMINATOR_LINEAR = 638450708;
const DENOMINATOR = 1057819769;
/** 1/4 in Q6. */
const QUARTER = 2 ** 23;

/** The logarithm, in Q5, of x from 1 on in Q12: TFLM's, for LOG_SOFTMAX. */
export function logOfAtLeastOne(x: number): number {
  const { remainder, power } = splitPower(x);
  const mean = Math.trunc((remainder + FOURTH_ROOT_OF_HALF + 1) / 2);
  const distance = (2 * (remainder - FOURTH_ROOT_OF_HALF)) | 0;
  const square = doublingHighMultiply(distance, distance);
  const numerator =
    doublingHighMultiply(distance, remainder) +
    doublingHighMultiply(doublingHighMultiply(distance, square), NUMERATOR);
  const denominator =
    doublingHighMultiply(
      mean,
      (DENOMINATOR + distance + doublingHighMultiply(DENOMINATOR_SQUARE, square)) | 0,
    ) + doublingHighMultiply(DENOMINATOR_LINEAR, distance);
  const fraction = doublingHighMultiply(
    roundingDivideByPowerOfTwo(numerator | 0, 6),
    reciprocalOfOnePlus(denominator | 0),
  );
  return shiftLeftSaturating(doublingHighMultiply(power, LOG_2) + fraction, 1);
}

/**
 * x = remainder * 2^power, the remainder in Q0 within a factor of sqrt(sqrt(2)) of the middle, the power in Q6: the smaller
 * remainder of two, of x and of x times sqrt(1/2).
 */
function splitPower(x: number): { readonly remainder: number; readonly power: number } {
  const zeros = Math.clz32(x);
  const top = zeros === 1 ? x : shiftLeftSaturating(x, zeros - 1);
  const a = shiftLeftSaturating(doublingHighMultiply(top, SQRT_HALF), 1);
  const headroom = Math.clz32(doublingHighMultiply(x, SQRT_HALF)) - 1;
  const b = headroom === 0 ? x : shiftLeftSaturating(x, headroom);
  const powerA = (12 - zeros) * 2 ** 25 + QUARTER;
  const powerB = (12 - headroom) * 2 ** 25 - QUARTER;
  return { remainder: Math.min(a, b), power: Math.max(powerA, powerB) };
}
