import { expect, test } from 'vitest';
import { clamp, divideTruncating, roundHalfAway } from './rounding.js';

test.each([
  [0.5, 1],
  [-0.5, -1],
  [2.5, 3],
  [-2.5, -3],
  [0.49999999999999994, 0],
  [-1.4999999999999998, -1],
  [4503599627370495.5, 4503599627370496],
  [2 ** 53, 2 ** 53],
])('roundHalfAway(%d) = %d', (x, expected) => {
  expect(roundHalfAway(x) + 0).toBe(expected);
});

test('division goes toward zero', () => {
  expect([divideTruncating(7, 2), divideTruncating(-7, 2)]).toEqual([3, -3]);
});

test('clamp keeps within both ends', () => {
  expect([clamp(-5, -1, 1), clamp(0, -1, 1), clamp(5, -1, 1)]).toEqual([-1, 0, 1]);
});
