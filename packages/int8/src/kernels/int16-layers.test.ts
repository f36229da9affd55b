import { batchMatmul, conv2d, createRandom, dense, depthwiseConv2d, tensor } from '@whittle/core';
import type { Model } from '@whittle/core';
import { describe, expect, it, test } from 'vitest';
import { evaluateNode, oneNode, randomInt16, randomInt8, scaled } from '../int8-node.fixture.js';
import { prepareInt8 } from '../prepare-int8.js';

const random = createRandom(5).at('int16');
const plain = {
  strides: [1, 1] as [number, number],
  padding: 'valid' as const,
  dilations: [1, 1] as [number, number],
  activation: 'none' as const,
};
const none = { activation: 'none' as const };

const wide = (...values: readonly (number | bigint)[]) =>
  tensor('int64', [values.length], BigInt64Array.from(values, BigInt));
const narrow = (...values: readonly number[]) => tensor('int32', [values.length], Int32Array.from(values));
const image = (values: readonly number[], quantization = scaled(0.5)) =>
  tensor('int16', [1, 1, 1, values.length], Int16Array.from(values), quantization);
const matrix = (rows: readonly number[], quantization = scaled(0.5)) =>
  tensor('int8', [rows.length, 1], Int8Array.from(rows), quantization);

describe('dense of int16', () => {
  const x = tensor('int16', [1, 2], [1000, -3], scaled(0.5));

  it('rounds once with an int64 bias, twice with an int32 bias', async () => {
    // A sum of -0.5 steps is 0 when halves go toward +infinity, -1 when the second rounding goes away from zero.
    const one = matrix([0, 1], scaled(1));
    expect(await evaluateNode(dense, none, [x, one, wide(1)], scaled(2))).toEqual([0]);
    expect(await evaluateNode(dense, none, [x, one, narrow(1)], scaled(2))).toEqual([-1]);
  });

  it('has a factor of 16 bits with an int64 bias', async () => {
    // 1 - 2^-20 becomes 32767 / 32768.
    const weight = matrix([-32, 0], scaled(2 - 2 ** -19));
    expect(await evaluateNode(dense, none, [x, weight, wide(0)], scaled(1))).toEqual([-31999]);
    expect(await evaluateNode(dense, none, [x, weight, narrow(0)], scaled(1))).toEqual([-32000]);
  });

  it('takes sums beyond 32 bits with an int64 bias or none, and honours zero points', async () => {
    const inputs = 4000;
    const y = tensor('int16', [1, inputs], new Int16Array(inputs).fill(-32768), scaled(0.5, 32767));
    const weight = tensor('int8', [inputs, 1], new Int8Array(inputs).fill(-128), scaled(0.5, 127));
    // 4000 * 65535 * 255 * 2^-24, less the 16-bit multiplier's error, which there is none.
    const sum = inputs * 65535 * 255;
    const output = scaled(2 ** 22, 5);
    const expected = Math.floor(sum / 2 ** 24 + 0.5) + 5;
    expect(await evaluateNode(dense, none, [y, weight], output)).toEqual([expected]);
    const bias = 2 ** 40;
    expect(await evaluateNode(dense, none, [y, weight, wide(bias)], output)).toEqual([
      Math.min(32767, Math.floor((sum + bias) / 2 ** 24 + 0.5) + 5),
    ]);
  });
});

test('convolutions of int16 sum in 64 bits unless the bias is of 32', async () => {
  const x = image([32767, 32767, 32767]);
  const weight = tensor('int8', [1, 1, 3, 1], [127, 127, 127], scaled(0.5));
  const sum = 3 * 32767 * 127;
  const attributes = { ...plain, groups: 1 };
  const bias = 2 ** 33;
  expect(await evaluateNode(conv2d, attributes, [x, weight, wide(bias)], scaled(2 ** 18))).toEqual([
    Math.floor((sum + bias) / 2 ** 20 + 0.5),
  ]);
  expect(await evaluateNode(conv2d, attributes, [x, weight, narrow(7)], scaled(2 ** 10))).toEqual([
    Math.round((sum + 7) / 2 ** 12),
  ]);
});

test('batch_matmul of int16 sums in 64 bits', async () => {
  const a = randomInt16(random, [1, 3, 40], scaled(0.5));
  const b = randomInt16(random, [1, 40, 2], scaled(0.5));
  const attributes = { transposeA: false, transposeB: false };
  const found = await evaluateNode(batchMatmul, attributes, [a, b], scaled(2 ** 20), 2);
  for (let row = 0; row < 3; row++)
    for (let column = 0; column < 2; column++) {
      let sum = 0;
      for (let k = 0; k < 40; k++) sum += a.data[row * 40 + k] * b.data[k * 2 + column];
      expect(found[row * 2 + column]).toBe(Math.floor(sum / 2 ** 22 + 0.5));
    }
});

const refused: readonly (readonly [string, Model, RegExp])[] = [
  [
    'a zero point of a convolution',
    oneNode(
      conv2d,
      { ...plain, groups: 1 },
      [image([1, 2], scaled(0.5, 3)), tensor('int8', [1, 1, 2, 1], [1, 1], scaled(0.5))],
      scaled(1),
    ),
    /zero points must be 0.*found 3 and 0/,
  ],
  [
    'an int32 bias of a depthwise convolution',
    oneNode(
      depthwiseConv2d,
      plain,
      [image([1, 2]), tensor('int8', [1, 1, 2, 1], [1, 1], scaled(0.5)), narrow(1, 2)],
      scaled(1),
    ),
    /bias must be int64 beside int16 activations, found int32/,
  ],
  [
    'an int64 bias beside int8',
    oneNode(dense, none, [randomInt8(random, [1, 2], scaled(0.5)), matrix([1, 1]), wide(1)], scaled(1)),
    /bias must be int32 beside int8 activations, found int64/,
  ],
  [
    'a bias beyond 47 bits',
    oneNode(
      dense,
      none,
      [randomInt16(random, [1, 2], scaled(0.5)), matrix([1, 1]), wide(2n ** 47n)],
      scaled(1),
    ),
    /47 bits/,
  ],
  [
    'an output scale that is too small for 64 bits',
    oneNode(dense, none, [randomInt16(random, [1, 2], scaled(0.5)), matrix([1, 1])], scaled(2 ** -10)),
    /below 2\^7/,
  ],
  [
    'a zero point of a product',
    oneNode(
      batchMatmul,
      { transposeA: false, transposeB: false },
      [randomInt16(random, [1, 2, 2], scaled(0.5)), randomInt16(random, [1, 2, 2], scaled(0.5, -1))],
      scaled(1),
      2,
    ),
    /zero points must be 0, found 0, -1, 0/,
  ],
];

test.each(refused)('%s is refused', async (_, model, message) => {
  await expect(prepareInt8(model)).rejects.toMatchObject({
    code: 'QUANTIZATION_INVALID',
    message: expect.stringMatching(message),
  });
});
