import { createRandom, l2Normalize, logSoftmax, tensor } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { logOfAtLeastOne } from '../fixed-point-log.js';
import { evaluateNode, randomInt8, realValues, scaled } from '../int8-node.fixture.js';
import { inverseSqrt } from '../inverse-sqrt.js';

const random = createRandom(9).at('normalization');

describe('log_softmax', () => {
  const output = scaled(1 / 16, 127);

  it('is near the logarithm of softmax', async () => {
    const x = randomInt8(random, [20, 7], scaled(0.05, 5));
    const found = await evaluateNode(logSoftmax, {}, [x], output);
    const real = realValues(x);
    found.forEach((stored, i) => {
      const row = real.slice(i - (i % 7), i - (i % 7) + 7);
      const expected = real[i] - Math.log(row.reduce((sum, v) => sum + Math.exp(v), 0));
      expect(Math.abs((stored - 127) / 16 - Math.max(expected, -16))).toBeLessThanOrEqual(0.6 / 16);
    });
  });

  it('ends at -16', async () => {
    const x = tensor('int8', [1, 3], [127, -128, 100], scaled(0.5));
    expect(await evaluateNode(logSoftmax, {}, [x], output)).toEqual([127, -128, -89]);
  });

  it('writes one scale alone', async () => {
    const x = tensor('int8', [1, 2], [0, 1], scaled(0.5));
    await expect(evaluateNode(logSoftmax, {}, [x], scaled(1 / 16))).rejects.toMatchObject({
      code: 'QUANTIZATION_INVALID',
      node: 'y',
    });
  });
});

describe('l2_normalize', () => {
  it('brings vectors to length 1, but those of zeros', async () => {
    const x = tensor('int8', [3, 2], [4, -3, 1, 1, 1, 101], scaled(7, 1));
    // [3, -4], [0, 0] and [0, 100]: 128 is beyond the range.
    expect(await evaluateNode(l2Normalize, {}, [x], scaled(1 / 128))).toEqual([77, -102, 0, 0, 0, 127]);
  });

  it('refuses vectors whose squares may leave 32 bits, and other scales', async () => {
    const long = tensor('int8', [1, 33100], undefined, scaled(1, -128));
    await expect(evaluateNode(l2Normalize, {}, [long], scaled(1 / 128))).rejects.toMatchObject({
      code: 'OP_UNSUPPORTED',
    });
    const x = tensor('int8', [1, 2], [0, 1], scaled(1));
    await expect(evaluateNode(l2Normalize, {}, [x], scaled(1 / 64))).rejects.toMatchObject({
      code: 'QUANTIZATION_INVALID',
    });
  });
});

describe('fixed-point functions', () => {
  it('finds logarithms', () => {
    for (let x = 2 ** 19; x < 2 ** 31; x = Math.floor(x * 1.037) + 1)
      expect(Math.abs(logOfAtLeastOne(x) / 2 ** 26 - Math.log(x / 2 ** 19))).toBeLessThan(1e-4);
  });

  it('finds inverse square roots', () => {
    for (let x = 1; x < 2 ** 31; x = Math.floor(x * 1.037) + 1) {
      const { multiplier, shift } = inverseSqrt(x);
      expect(Math.abs(multiplier * 2 ** (shift - 31) * Math.sqrt(x) - 1)).toBeLessThan(1e-4);
    }
    expect(inverseSqrt(0)).toEqual(inverseSqrt(1));
  });
});
