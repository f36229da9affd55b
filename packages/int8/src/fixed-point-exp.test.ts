import { expect, test } from 'vitest';
import { expOfNegative, oneMinusOverOnePlus, reciprocalOfOnePlus } from './fixed-point-exp.js';
import { INT32_MAX } from './rounding.js';

const Q0 = 2 ** 31;

test.each([4, 5])('exp of a Q%d number is that of the real number', (k) => {
  const one = 2 ** (31 - k);
  for (let real = 0; real > -(2 ** k) + 0.01; real -= 0.0371) {
    const a = Math.round(real * one);
    expect(Math.abs(expOfNegative(a, k) / Q0 - Math.exp(a / one))).toBeLessThan(2e-7);
  }
  expect(expOfNegative(0, k)).toBe(INT32_MAX);
});

test('reciprocals are those of real numbers, and saturate at 1', () => {
  for (let a = 0; a < Q0; a += 9_876_543) {
    expect(Math.abs(reciprocalOfOnePlus(a) / Q0 - 1 / (1 + a / Q0))).toBeLessThan(2e-8);
    expect(Math.abs(oneMinusOverOnePlus(a) / Q0 - (1 - a / Q0) / (1 + a / Q0))).toBeLessThan(4e-8);
  }
  expect(reciprocalOfOnePlus(0)).toBe(INT32_MAX);
});
