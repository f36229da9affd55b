import { createRandom, dense, tensor } from '@whittle/core';
import { expect, test } from 'vitest';
import { evaluateNode, randomInt8, scaled } from '../int8-node.fixture.js';

test('sums less both zero points, plus bias, rescaled and clamped', async () => {
  const x = tensor('int8', [2, 2], [3, -5, 127, 127], scaled(0.5, 1));
  const weight = tensor('int8', [2, 2], [10, 20, -30, 40], scaled(0.25, 10));
  const bias = tensor('int32', [2], [100, -7], scaled(0.125));
  // Row 0: (2 * 0 - 6 * -40 + 100, 2 * 10 - 6 * 30 - 7) = (340, -167), times 0.125 / 1.
  const none = await evaluateNode(dense, { activation: 'none' }, [x, weight, bias], scaled(1, 2));
  expect(none.slice(0, 2)).toEqual([45, -19]);
  const relu = await evaluateNode(dense, { activation: 'relu' }, [x, weight, bias], scaled(1, 2));
  expect(relu).toEqual([45, 2, -128, 127].map((y) => Math.max(y, 2)));
});

test('a scale for each output', async () => {
  const random = createRandom(1).at('dense');
  const x = randomInt8(random, [3, 16], scaled(0.1, 4));
  const weight = randomInt8(random, [16, 5], scaled([0.01, 0.02, 0.03, 0.04, 0.05], 0, 1));
  const found = await evaluateNode(dense, { activation: 'none' }, [x, weight], scaled(0.5, 0));
  for (let row = 0; row < 3; row++)
    for (let o = 0; o < 5; o++) {
      let sum = 0;
      for (let i = 0; i < 16; i++) sum += (x.data[row * 16 + i] - 4) * weight.data[i * 5 + o];
      const wanted = Math.min(Math.max((sum * 0.1 * 0.01 * (o + 1)) / 0.5, -128), 127);
      expect(Math.abs(found[row * 5 + o] - wanted)).toBeLessThanOrEqual(0.51);
    }
});

test('a bias of another scale is refused', async () => {
  const x = tensor('int8', [1, 1], [1], scaled(0.5));
  const weight = tensor('int8', [1, 1], [1], scaled(0.5));
  const bias = tensor('int32', [1], [1], scaled(0.3));
  await expect(
    evaluateNode(dense, { activation: 'none' }, [x, weight, bias], scaled(1)),
  ).rejects.toMatchObject({
    code: 'QUANTIZATION_INVALID',
    message: expect.stringContaining('0.25, found 0.3'),
  });
});
