import { expect, test } from 'vitest';
import { cArray, cDecimalFloat, cElementType, cFloat, cInteger, cStruct } from './c-literals.js';

test('floats come back bit for bit from their hexadecimal literal', () => {
  const values = [0, -0, 1, -1.5, 0.1, 1 / 255, 2 ** -149, 2 ** -126, 3.4028234663852886e38].map(Math.fround);
  for (const value of values) {
    const [, sign, whole, digits = '', exponent] =
      /^(-?)0x([01])(?:\.([0-9a-f]+))?p(-?\d+)f$/.exec(cFloat(value)) ?? [];
    const parsed = exponent
      ? (sign ? -1 : 1) * parseInt(whole + digits, 16) * 2 ** (Number(exponent) - 4 * digits.length)
      : Number.parseFloat(cFloat(value));
    expect(parsed).toBe(value);
  }
  expect(() => cFloat(NaN)).toThrow(RangeError);
});

test('floats in decimal are the shortest that come back', () => {
  const values = [0, 1, -1.5, 0.1, 1 / 255, 0.023528477, 2 ** -149, 3.4028234663852886e38].map(Math.fround);
  for (const value of values) expect(Math.fround(Number.parseFloat(cDecimalFloat(value)))).toBe(value);
  expect([1, 0.1, 1e30, 1 / 256].map(cDecimalFloat)).toEqual(['1.0f', '0.1f', '1e+30f', '0.00390625f']);
  expect(() => cDecimalFloat(Infinity)).toThrow(RangeError);
});

test('the smallest integer is an expression of type int', () => {
  expect(cInteger(-2147483648)).toBe('(-2147483647 - 1)');
  expect(cInteger(-128)).toBe('-128');
});

test('arrays and structs', () => {
  expect(cElementType(new Uint16Array(1))).toBe('uint16_t');
  expect(cElementType(new Float32Array(1))).toBe('float');
  expect(cArray(Int8Array.of(1, -2, 3))).toBe('{\n  1, -2, 3,\n}');
  expect(
    cArray(new Int8Array(200))
      .split('\n')
      .every((line) => line.length <= 110),
  ).toBe(true);
  expect(cStruct({ rows: 2, shape: [1, 2] })).toBe('{\n  .rows = 2, .shape = {1, 2},\n}');
});
