import { describe, expect, it } from 'vitest';
import { float16Value } from './float16.js';

describe('float16', () => {
  it.each([
    ['zero', 0x0000, 0],
    ['negative zero', 0x8000, -0],
    ['one', 0x3c00, 1],
    ['minus two', 0xc000, -2],
    ['the smallest', 0x0001, 2 ** -24],
    ['the largest that is not normal', 0x03ff, 1023 * 2 ** -24],
    ['the smallest normal one', 0x0400, 2 ** -14],
    ['the largest', 0x7bff, 65504],
    ['infinity', 0xfc00, -Infinity],
    ['no number', 0x7e00, NaN],
  ])('%s', (_, bits, value) => {
    expect(float16Value(bits)).toBe(value);
  });
});
