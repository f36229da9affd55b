import { createRandom, softmax, tensor } from '@whittle/core';
import { expect, test } from 'vitest';
import { evaluateNode, randomInt8, realValues, scaled } from '../int8-node.fixture.js';

const output = scaled(1 / 256, -128);

test.each([0.01, 0.1, 1])('is within a step of the real softmax at input scale %d', async (scale) => {
  const x = randomInt8(createRandom(2).at('softmax'), [5, 12], scaled(scale, 30));
  const found = await evaluateNode(softmax, { beta: 1.5 }, [x], output);
  const powers = realValues(x).map((v) => Math.exp(1.5 * v));
  found.forEach((y, i) => {
    const row = Math.floor(i / 12) * 12;
    const sum = powers.slice(row, row + 12).reduce((a, b) => a + b);
    expect(Math.abs(y + 128 - Math.min((256 * powers[i]) / sum, 255))).toBeLessThanOrEqual(1);
  });
});

test('shares below half a step are zero, however many there are', async () => {
  const x = tensor('int8', [1, 1000], new Int8Array(1000).fill(5), scaled(0.1));
  expect(new Set(await evaluateNode(softmax, { beta: 1 }, [x], output))).toEqual(new Set([-128]));
});

test('another output scale, and rows that overflow, are refused', async () => {
  const x = tensor('int8', [1, 4], [1, 2, 3, 4], scaled(0.1));
  await expect(evaluateNode(softmax, { beta: 1 }, [x], scaled(1 / 128, 0))).rejects.toMatchObject({
    code: 'QUANTIZATION_INVALID',
  });
  const long = tensor('int8', [1, 4096], new Int8Array(4096), scaled(0.1));
  await expect(evaluateNode(softmax, { beta: 1 }, [long], output)).rejects.toMatchObject({
    code: 'OP_UNSUPPORTED',
  });
});
