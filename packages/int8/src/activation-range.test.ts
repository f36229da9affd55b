import { expect, test } from 'vitest';
import { activationRange } from './activation-range.js';

const n = { name: 'y' };
const int8 = (scale: number, zeroPoint = 0) => ({ dtype: 'int8' as const, scale, zeroPoint });

test('bounds are stored values, cut to int8', () => {
  const output = int8(0.05, -10);
  expect(activationRange(n, 'none', output)).toEqual({ min: -128, max: 127 });
  expect(activationRange(n, 'relu', output)).toEqual({ min: -10, max: 127 });
  expect(activationRange(n, 'relu6', output)).toEqual({ min: -10, max: 110 });
  expect(activationRange(n, 'relu_n1_to_1', output)).toEqual({ min: -30, max: 10 });
  expect(activationRange(n, 'relu6', int8(0.01)).max).toBe(127);
});

test('bounds are cut to int16', () => {
  const output = { dtype: 'int16' as const, scale: 0.001, zeroPoint: 0 };
  expect(activationRange(n, 'none', output)).toEqual({ min: -32768, max: 32767 });
  expect(activationRange(n, 'relu6', output)).toEqual({ min: 0, max: 6000 });
});

test('the division is one of float32', () => {
  // In double 6 / scale is below 40.5 and would round to 40.
  const scale = Math.fround(0.148148149251937866);
  expect(6 / scale).toBeLessThan(40.5);
  expect(activationRange(n, 'relu6', int8(scale)).max).toBe(41);
});

test('a bound beyond 32 bits is refused', () => {
  expect(() => activationRange(n, 'relu6', int8(1e-12))).toThrowError(
    expect.objectContaining({ code: 'QUANTIZATION_INVALID', node: 'y' }),
  );
});
