import { createRandom } from '@whittle/core';
import { describe, expect, it, test } from 'vitest';
import {
  doublingHighMultiply,
  multiplyByQuantizedMultiplier,
  multiplyWideByQuantizedMultiplier,
  quantizeMultiplier,
  reduceMultiplier,
  roundingDivideByPowerOfTwo,
  shiftLeftSaturating,
  splitExponent,
} from './fixed-point.js';
import { INT32_MAX, INT32_MIN } from './rounding.js';

const random = createRandom(7).at('int32');
const edges = [
  INT32_MIN,
  INT32_MIN + 1,
  -65536,
  -65535,
  -2,
  -1,
  0,
  1,
  2,
  32767,
  65535,
  65536,
  INT32_MAX - 1,
  INT32_MAX,
];

/** An int32 of any magnitude, edges among them. */
function int32(): number {
  return random.int(8) === 0
    ? edges[random.int(edges.length)]
    : (Math.floor((random.float() * 2 - 1) * 2 ** 31) | 0) >> random.int(32);
}

function wrap(x: bigint): bigint {
  return BigInt.asIntN(32, x);
}

function highMultiply(a: bigint, b: bigint): bigint {
  const result = (a * b + (1n << 30n)) >> 31n;
  return result > 2147483647n ? 2147483647n : result;
}

/** To the nearest, halves away from zero. */
function divideAway(x: bigint, exponent: bigint): bigint {
  const magnitude = x < 0n ? -x : x;
  const rounded = (magnitude + ((1n << exponent) >> 1n)) >> exponent;
  return x < 0n ? -rounded : rounded;
}

describe('doublingHighMultiply', () => {
  it('equals the exact product, at the ends of int32 too', () => {
    for (const a of edges)
      for (const b of edges)
        expect(doublingHighMultiply(a, b)).toBe(Number(highMultiply(BigInt(a), BigInt(b))));
  });

  it('equals the exact product on 100,000 draws', () => {
    for (let i = 0; i < 100_000; i++) {
      const [a, b] = [int32(), int32()];
      const expected = Number(highMultiply(BigInt(a), BigInt(b)));
      if (doublingHighMultiply(a, b) !== expected)
        expect([a, b, doublingHighMultiply(a, b)]).toEqual([a, b, expected]);
    }
  });

  it('saturates where the product of the smallest values has no room', () => {
    expect(doublingHighMultiply(INT32_MIN, INT32_MIN)).toBe(INT32_MAX);
  });
});

test('roundingDivideByPowerOfTwo rounds halves away from zero, for every exponent', () => {
  for (let exponent = 0; exponent <= 31; exponent++)
    for (let i = 0; i < 500; i++) {
      const x = int32();
      expect(roundingDivideByPowerOfTwo(x, exponent)).toBe(Number(divideAway(BigInt(x), BigInt(exponent))));
    }
});

test('multiplyByQuantizedMultiplier rounds twice, and wraps a left shift', () => {
  for (let i = 0; i < 20_000; i++) {
    const [x, multiplier, shift] = [int32(), 2 ** 30 + random.int(2 ** 30), random.int(63) - 31];
    const lifted = shift > 0 ? wrap(BigInt(x) << BigInt(shift)) : BigInt(x);
    const product = highMultiply(lifted, BigInt(multiplier));
    const expected = shift > 0 ? product : divideAway(product, BigInt(-shift));
    expect(multiplyByQuantizedMultiplier(x, multiplier, shift)).toBe(Number(expected));
  }
});

test('multiplyWideByQuantizedMultiplier rounds once, halves toward +infinity, to the ends of 47 bits', () => {
  for (let i = 0; i < 40_000; i++) {
    const bits = 1 + random.int(47);
    const edge = random.int(8) === 0 ? 1 - 2 ** bits : Math.floor((random.float() * 2 - 1) * 2 ** bits);
    const x = Math.max(edge, 1 - 2 ** 47);
    const multiplier = random.int(8) === 0 ? INT32_MAX - random.int(2 ** 17) : 2 ** 30 + random.int(2 ** 30);
    const shift = random.int(39) - 31;
    const right = BigInt(15 - shift);
    const factor = multiplier < 0x7fff0000 ? (BigInt(multiplier) + 0x8000n) >> 16n : 0x7fffn;
    const expected = wrap((BigInt(x) * factor + (1n << (right - 1n))) >> right);
    expect([x, multiplier, shift, multiplyWideByQuantizedMultiplier(x, multiplier, shift)]).toEqual([
      x,
      multiplier,
      shift,
      Number(expected),
    ]);
  }
  expect(multiplyWideByQuantizedMultiplier(-3, 2 ** 30, 0)).toBe(-1);
  expect(multiplyWideByQuantizedMultiplier(123456, 0, 0)).toBe(0);
});

test('reduceMultiplier rounds to 16 bits and saturates', () => {
  expect([2 ** 30, 2 ** 30 + 0x8000, 0x7ffeffff, INT32_MAX].map(reduceMultiplier)).toEqual([
    16384, 16385, 32767, 32767,
  ]);
});

test('two roundings are not one', () => {
  // 1.5 * 0.75 / 2 = 0.5625 would round to 1 at once; 1.5 is no integer, so take 3 * 0.5 * 0.5: 1.5, then 2, then 1.
  expect(multiplyByQuantizedMultiplier(3, 2 ** 30, -1)).toBe(1);
  expect(multiplyByQuantizedMultiplier(1, 2 ** 30, -1)).toBe(1);
});

describe('quantizeMultiplier', () => {
  it('keeps the factor to 31 bits', () => {
    for (let i = 0; i < 10_000; i++) {
      const real = Math.exp((random.float() * 2 - 1) * 20);
      const { multiplier, shift } = quantizeMultiplier(real);
      expect(multiplier).toBeGreaterThanOrEqual(2 ** 30);
      expect(multiplier).toBeLessThan(2 ** 31);
      expect(Math.abs((multiplier * 2 ** (shift - 31)) / real - 1)).toBeLessThanOrEqual(2 ** -31);
    }
  });

  it.each([
    [0, 0, 0],
    [1, 2 ** 30, 1],
    [0.5, 2 ** 30, 0],
    [-0.75, -1610612736, 0],
    // Rounds up to 2^31, which needs the next exponent.
    [1 - 2 ** -40, 2 ** 30, 1],
    [2 ** -32, 2 ** 30, -31],
    [2 ** -33, 0, 0],
    [5e-324, 0, 0],
  ])('of %d is %d, %d', (real, multiplier, shift) => {
    expect(quantizeMultiplier(real)).toEqual({ multiplier, shift });
  });
});

test.each([1, 0.3, 2 ** -1000, 2 ** 1000, -7.25, Number.MAX_VALUE])(
  'splitExponent of %d puts together again',
  (x) => {
    const { fraction, exponent } = splitExponent(x);
    expect(Math.abs(fraction)).toBeGreaterThanOrEqual(0.5);
    expect(Math.abs(fraction)).toBeLessThan(1);
    expect(fraction * 2 ** (exponent - 1) * 2).toBe(x);
  },
);

test('shiftLeftSaturating stays in int32', () => {
  expect(shiftLeftSaturating(3, 2)).toBe(12);
  expect(shiftLeftSaturating(2 ** 29, 2)).toBe(INT32_MAX);
  expect(shiftLeftSaturating(-(2 ** 29), 2)).toBe(INT32_MIN);
});
