import { add, createRandom, div, maximum, minimum, mul, squaredDifference, sub, tensor } from '@whittle/core';
import type { BinaryOp } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { evaluateNode, randomInt8, realValues, scaled } from '../int8-node.fixture.js';

const random = createRandom(11).at('elementwise');
const none = { activation: 'none' } as const;

describe.each<[string, BinaryOp, number]>([
  ['add', add, 0.08],
  ['sub', sub, 0.08],
  ['mul', mul, 0.4],
  ['squared_difference', squaredDifference, 0.4],
])('%s', (_, op, scale) => {
  test('is within half a step of the real result, and broadcasts', async () => {
    const a = randomInt8(random, [2, 3, 4], scaled(0.05, 12));
    const b = randomInt8(random, [3, 1], scaled(0.03, -40));
    const found = await evaluateNode(op, none, [a, b], scaled(scale, 3), 2);
    const [x, y] = [realValues(a), realValues(b)];
    found.forEach((stored, i) => {
      const wanted = op.combine(x[i], y[Math.floor(i / 4) % 3]) / scale + 3;
      expect(Math.abs(stored - Math.min(Math.max(wanted, -128), 127))).toBeLessThan(0.5001);
    });
  });
});

test.each([add, sub, mul])('$name clamps at a fused activation', async (op) => {
  const a = randomInt8(random, [64], scaled(0.05, 12));
  const found = await evaluateNode(op, { activation: 'relu6' }, [a, a], scaled(0.1, 3), 2);
  expect(Math.min(...found)).toBeGreaterThanOrEqual(3);
  expect(Math.max(...found)).toBeLessThanOrEqual(63);
});

test('quotients of either sign are near the real result', async () => {
  const a = randomInt8(random, [400], scaled(0.05, 12));
  const b = tensor(
    'int8',
    [400],
    randomInt8(random, [400], scaled(1)).data.map((y) => (y === -40 ? 1 : y)),
    scaled(0.03, -40),
  );
  const found = await evaluateNode(div, none, [a, b], scaled(0.02, 3), 2);
  const [x, y] = [realValues(a), realValues(b)];
  found.forEach((stored, i) => {
    const wanted = x[i] / y[i] / 0.02 + 3;
    expect(Math.abs(stored - Math.min(Math.max(wanted, -128), 127))).toBeLessThan(0.5001);
  });
});

test('what divides by zero becomes the end of the range with the sign of what is divided', async () => {
  const a = tensor('int8', [3], [9, 4, -1], scaled(0.5, 4));
  const b = tensor('int8', [1], [7], scaled(0.5, 7));
  expect(await evaluateNode(div, none, [a, b], scaled(0.01, 3), 2)).toEqual([127, 3, -128]);
});

test('quotients below half a step are 0, however far', async () => {
  const a = tensor('int8', [2], [0, 1], scaled(0.5));
  const b = tensor('int8', [1], [100], scaled(0.5));
  expect(await evaluateNode(div, none, [a, b], scaled(8, 3), 2)).toEqual([3, 3]);
});

test('maximum and minimum compare stored values of one scale', async () => {
  const a = tensor('int8', [3], [-128, 5, 127], scaled(0.1, 4));
  const b = tensor('int8', [3], [0, 5, -1], scaled(0.1, 4));
  expect(await evaluateNode(maximum, none, [a, b], scaled(0.1, 4), 2)).toEqual([0, 5, 127]);
  expect(await evaluateNode(minimum, none, [a, b], scaled(0.1, 4), 2)).toEqual([-128, 5, -1]);
  await expect(evaluateNode(maximum, none, [a, b], scaled(0.2, 4), 2)).rejects.toMatchObject({
    code: 'QUANTIZATION_INVALID',
  });
  await expect(
    evaluateNode(maximum, { activation: 'relu' }, [a, b], scaled(0.1, 4), 2),
  ).rejects.toMatchObject({ code: 'OP_UNSUPPORTED' });
  await expect(
    evaluateNode(squaredDifference, { activation: 'relu' }, [a, b], scaled(0.1, 4), 2),
  ).rejects.toMatchObject({ code: 'OP_UNSUPPORTED' });
});

test('a sum whose scale is too fine for the multiplier is refused', async () => {
  const a = tensor('int8', [1], [1], scaled(1));
  await expect(evaluateNode(add, none, [a, a], scaled(2 ** -21), 2)).rejects.toMatchObject({
    code: 'QUANTIZATION_INVALID',
    message: expect.stringContaining('too small'),
  });
});
