import { multiplyByQuantizedMultiplier } from '@whittle/int8';
import type { AddPlan, ClampRange, LiftedOperand } from '@whittle/int8';

/** Fraction digits of the factors, and of the sum that is rounded down. */
const FACTOR_DIGITS = 28;
const SUM_DIGITS = 20;
const STEP = 2 ** SUM_DIGITS;
const PRODUCT_UNIT = 2 ** (FACTOR_DIGITS - SUM_DIGITS);

/** How far factors are moved from the nearest ones to find some that fit. */
const REACH = 8;
/** No term changes by more than this within REACH. */
const MARGIN = 2 * ((REACH * 128) / PRODUCT_UNIT + 1);

/**
 * output = (floor(aFactor * a / 2^8) + floor(bFactor * b / 2^8) + offset) >> 20, saturated, of stored values a and b; all
 * in 32 bits.
 */
export interface LinearSum {
  readonly aFactor: number;
  readonly bFactor: number;
  readonly offset: number;
}

const values = Float64Array.from({ length: 256 }, (_, i) => i - 128);
const everyPair = Uint16Array.from({ length: 65_536 }, (_, i) => i);
const nearby = changes();

/** By plan: a node may be lowered for stripes of many heights. */
const found = new Map<string, LinearSum | undefined>();
const REMEMBERED = 256;

/**
 * ADD or SUB as one linear function with a single rounding, equal to TFLM's, which rounds four times, for all 65,536 pairs
 * of values; undefined where none was found.
 */
export function linearSum(plan: AddPlan): LinearSum | undefined {
  const key = JSON.stringify(plan);
  if (!found.has(key)) {
    if (found.size === REMEMBERED) found.clear();
    found.set(key, findLinearSum(plan));
  }
  return found.get(key);
}

function findLinearSum(plan: AddPlan): LinearSum | undefined {
  const nearest = (operand: LiftedOperand, sign: number) =>
    Math.round(sign * real(operand) * real(plan.output) * 2 ** (plan.lift + FACTOR_DIGITS));
  const a = nearest(plan.a, 1);
  const b = nearest(plan.b, plan.sign);
  const sums = exactSums(plan);
  const decisive = decisivePairs(sums, plan.clamp, a, b);
  for (const [i, j] of nearby) {
    const [low, high] = offsets(sums, plan.clamp, decisive, a + i, b + j);
    const offset = Math.floor((low + high - 1) / 2);
    if (low < high && fits(a + i, b + j, offset)) return { aFactor: a + i, bFactor: b + j, offset };
  }
  return undefined;
}

function real({ multiplier, shift }: LiftedOperand): number {
  return multiplier * 2 ** (shift - 31);
}

/** The output of every pair of values, at 256 * (a + 128) + b + 128. */
function exactSums(plan: AddPlan): Int16Array {
  const lifted = ({ multiplier, shift, zeroPoint }: LiftedOperand) =>
    values.map((x) => multiplyByQuantizedMultiplier((x - zeroPoint) << plan.lift, multiplier, shift));
  const left = lifted(plan.a);
  const right = lifted(plan.b);
  const { multiplier, shift, zeroPoint } = plan.output;
  const { min, max } = plan.clamp;
  return Int16Array.from(everyPair, (pair) => {
    const sum = left[pair >> 8] + plan.sign * right[pair & 255];
    const result = multiplyByQuantizedMultiplier(sum, multiplier, shift) + zeroPoint;
    return Math.min(Math.max(result, min), max);
  });
}

/**
 * The range, `high` excluded, of offsets with which these pairs' outputs come out right. Outputs at the end of their range
 * demand nothing beyond.
 */
function offsets(
  sums: Int16Array,
  { min, max }: ClampRange,
  pairs: Iterable<number>,
  aFactor: number,
  bFactor: number,
): readonly [low: number, high: number] {
  const left = terms(aFactor);
  const right = terms(bFactor);
  let low = -(2 ** 31);
  let high = 2 ** 31;
  for (const pair of pairs) {
    const least = sums[pair] * STEP - left[pair >> 8] - right[pair & 255];
    if (sums[pair] > min && least > low) low = least;
    if (sums[pair] < max && least + STEP < high) high = least + STEP;
  }
  return [low, high];
}

/** The pairs that may decide about the offset with factors within REACH of these. */
function decisivePairs(sums: Int16Array, clamp: ClampRange, aFactor: number, bFactor: number): number[] {
  const left = terms(aFactor);
  const right = terms(bFactor);
  const [low, high] = offsets(sums, clamp, everyPair, aFactor, bFactor);
  const decisive: number[] = [];
  for (const pair of everyPair) {
    const least = sums[pair] * STEP - left[pair >> 8] - right[pair & 255];
    const tight = sums[pair] > clamp.min && least >= low - MARGIN;
    if (tight || (sums[pair] < clamp.max && least + STEP <= high + MARGIN)) decisive.push(pair);
  }
  return decisive;
}

function terms(factor: number): Float64Array {
  return values.map((value) => Math.floor((factor * value) / PRODUCT_UNIT));
}

/** Whether factors and sums stay in 32 bits. */
function fits(aFactor: number, bFactor: number, offset: number): boolean {
  const ends = (factor: number) => [terms(factor)[0], terms(factor)[255]];
  const extremes = ends(aFactor).flatMap((x) => ends(bFactor).map((y) => x + y + offset));
  return [aFactor, bFactor, ...extremes].every((value) => (value | 0) === value);
}

/** Changes of both factors, small ones first. */
function changes(): (readonly [number, number])[] {
  const range = Array.from({ length: 2 * REACH + 1 }, (_, i) => i - REACH);
  const size = ([i, j]: readonly [number, number]) => Math.abs(i) + Math.abs(j);
  return range.flatMap((i) => range.map((j) => [i, j] as const)).sort((x, y) => size(x) - size(y));
}
