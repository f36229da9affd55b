import { expect, test } from 'vitest';
import { commonShift } from './common-shift.js';

/** A stage of channels with these right shifts, each of one weight of 1. */
const stage = (shifts: readonly number[], bias = 0) => ({
  multipliers: new Int32Array(shifts.length),
  shifts: Uint8Array.from(shifts, (shift) => shift - 1),
  filters: shifts.map(() => ({ weights: Int8Array.of(1), bias })),
});

test('every channel is lifted by 2 to 8 digits; a multiple of 4 is preferred', () => {
  expect(commonShift(stage([7]), 0)).toBe(12);
  expect(commonShift(stage([7, 9]), 0)).toBe(12);
  expect(commonShift(stage([6, 9]), 0)).toBe(12);
  expect(commonShift(stage([8, 13]), 0)).toBe(14);
  expect(commonShift(stage([7, 13]), 0)).toBe(14);
  expect(commonShift(stage([6, 13]), 0)).toBe(0);
});

test('the shift stays below 23, and lifted sums below 2^31', () => {
  expect(commonShift(stage([21]), 0)).toBe(22);
  expect(commonShift(stage([22]), 0)).toBe(0);
  expect(commonShift(stage([6], 2 ** 28 - 128), 0)).toBe(8);
  expect(commonShift(stage([6], 2 ** 28 - 127), 0)).toBe(7);
  expect(commonShift(stage([5], 2 ** 29 - 128), 0)).toBe(6);
  expect(commonShift(stage([5], 2 ** 29 - 127), 0)).toBe(0);
  expect(commonShift(stage([5], -(2 ** 29) + 128), 0)).toBe(6);
  expect(commonShift(stage([5], -(2 ** 29) + 127), 0)).toBe(0);
});
