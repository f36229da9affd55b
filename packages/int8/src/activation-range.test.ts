import { expect, test } from 'vitest';
import { activationRange } from './activation-range.js';

const n = { name: 'y' };

test('bounds are stored values, cut to int8', () => {
  const output = { scale: 0.05, zeroPoint: -10 };
  expect(activationRange(n, 'none', output)).toEqual({ min: -128, max: 127 });
  expect(activationRange(n, 'relu', output)).toEqual({ min: -10, max: 127 });
  expect(activationRange(n, 'relu6', output)).toEqual({ min: -10, max: 110 });
  expect(activationRange(n, 'relu_n1_to_1', output)).toEqual({ min: -30, max: 10 });
  expect(activationRange(n, 'relu6', { scale: 0.01, zeroPoint: 0 }).max).toBe(127);
});

test('the division is one of float32', () => {
  // In double 6 / scale is below 40.5 and would round to 40.
  const scale = Math.fround(0.148148149251937866);
  expect(6 / scale).toBeLessThan(40.5);
  expect(activationRange(n, 'relu6', { scale, zeroPoint: 0 }).max).toBe(41);
});

test('a bound beyond 32 bits is refused', () => {
  expect(() => activationRange(n, 'relu6', { scale: 1e-12, zeroPoint: 0 })).toThrowError(
    expect.objectContaining({ code: 'QUANTIZATION_INVALID', node: 'y' }),
  );
});
