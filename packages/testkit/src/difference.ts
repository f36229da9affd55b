import { stridesOf } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import type { Tolerance } from './suite.js';

/** Where two tensors of one shape part. */
export interface Difference {
  /** Index of the first element beyond the tolerance, along each axis. */
  readonly index: readonly number[];
  readonly expected: number;
  readonly found: number;
  /** How many elements are beyond the tolerance. */
  readonly count: number;
  /** The largest difference: steps of an integer type, else absolute. */
  readonly largest: number;
}

/**
 * Compares tensors of one shape element by element. NaN equals NaN; with a tolerance of 'exact', 0 equals -0.
 * Undefined where no element is beyond the tolerance.
 */
export function firstDifference(
  expected: Pick<Tensor, 'data' | 'shape'>,
  found: Pick<Tensor, 'data'>,
  tolerance: Tolerance = 'exact',
): Difference | undefined {
  const limit = tolerance === 'exact' ? 0 : tolerance;
  let first = -1;
  let count = 0;
  let largest = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const distance = distanceOf(Number(expected.data[i]), Number(found.data[i]));
    if (distance <= limit) continue;
    if (first < 0) first = i;
    count++;
    largest = Math.max(largest, distance);
  }
  if (first < 0) return undefined;
  return {
    index: indexOf(first, expected.shape),
    expected: Number(expected.data[first]),
    found: Number(found.data[first]),
    count,
    largest,
  };
}

/** A difference in words. */
export function describeDifference({ index, expected, found, count, largest }: Difference): string {
  return `element [${index.join(', ')}]: expected ${expected}, found ${found}; ${count} differ, by up to ${largest}`;
}

function distanceOf(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const distance = Math.abs(a - b);
  return Number.isNaN(distance) ? Infinity : distance;
}

function indexOf(flat: number, shape: readonly number[]): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(flat / stride) % shape[axis]);
}
