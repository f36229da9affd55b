import { expect, it } from 'vitest';
import { float32, tensor } from '@whittle/core';
import { describeDifference, firstDifference } from './difference.js';

it('finds the first element beyond the tolerance, how many there are, and the largest', () => {
  const a = tensor('int8', [2, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  const b = tensor('int8', [2, 2, 3], [0, 1, 2, 3, 4, 6, 6, 7, 8, 9, 7, 11]);
  expect(firstDifference(a, b)).toEqual({ index: [0, 1, 2], expected: 5, found: 6, count: 2, largest: 3 });
  expect(firstDifference(a, b, 1)).toEqual({
    index: [1, 1, 1],
    expected: 10,
    found: 7,
    count: 1,
    largest: 3,
  });
  expect(firstDifference(a, b, 3)).toBeUndefined();
  expect(firstDifference(a, a)).toBeUndefined();
  expect(describeDifference(firstDifference(a, b)!)).toBe(
    'element [0, 1, 2]: expected 5, found 6; 2 differ, by up to 3',
  );
});

it('takes NaN for equal to NaN only, and infinities for themselves', () => {
  const a = float32([4], [NaN, Infinity, 0, 1]);
  expect(firstDifference(a, float32([4], [NaN, Infinity, -0, 1]))).toBeUndefined();
  expect(firstDifference(a, float32([4], [0, Infinity, 0, 1]), 1e9)?.index).toEqual([0]);
  expect(firstDifference(a, float32([4], [NaN, -Infinity, 0, NaN]), 1e9)).toMatchObject({
    index: [1],
    count: 2,
    largest: Infinity,
  });
});
