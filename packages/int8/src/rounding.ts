/** Largest and smallest int32. */
export const INT32_MAX = 2147483647;
export const INT32_MIN = -2147483648;

/** C's `round`: to the nearest integer, halves away from zero. Exact for every double (and so for every float32). */
export function roundHalfAway(x: number): number {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
}

/** C's integer division: toward zero. Exact for |a| < 2^53. */
export function divideTruncating(a: number, b: number): number {
  return Math.trunc(a / b);
}

export function clamp(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x;
}
