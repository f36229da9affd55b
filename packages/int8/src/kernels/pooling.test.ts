import { averagePool2d, maxPool2d, mean, reduceMax, tensor } from '@whittle/core';
import type { PoolAttributes } from '@whittle/core';
import { expect, test } from 'vitest';
import { evaluateNode, scaled } from '../int8-node.fixture.js';

const q = scaled(0.1, 7);

test('an average rounds halves away from zero and leaves out what is beyond the image', async () => {
  const x = tensor('int8', [1, 2, 3, 1], [1, 2, -1, -2, -4, -4], q);
  const attributes: PoolAttributes = { size: [1, 2], strides: [1, 2], padding: 'same', activation: 'none' };
  // Windows: (1, 2), (-1), (-2, -4), (-4); 1.5 goes to 2.
  expect(await evaluateNode(averagePool2d, attributes, [x], q)).toEqual([2, -1, -3, -4]);
  const negative = tensor('int8', [1, 1, 2, 1], [-1, -2], q);
  expect(
    await evaluateNode(averagePool2d, { ...attributes, strides: [1, 1], padding: 'valid' }, [negative], q),
  ).toEqual([-2]);
});

test('a maximum ignores the margin, even where all is at the minimum', async () => {
  const x = tensor('int8', [1, 2, 2, 1], [-128, -128, -128, 3], q);
  const found = await evaluateNode(
    maxPool2d,
    { size: [3, 3], strides: [1, 1], padding: 'same', activation: 'none' },
    [x],
    q,
  );
  expect(found).toEqual([3, 3, 3, 3]);
});

test('pooling never rescales', async () => {
  const x = tensor('int8', [1, 2, 2, 1], [1, 2, 3, 4], q);
  const attributes: PoolAttributes = { size: [2, 2], strides: [1, 1], padding: 'valid', activation: 'none' };
  await expect(evaluateNode(maxPool2d, attributes, [x], scaled(0.2, 7))).rejects.toMatchObject({
    code: 'QUANTIZATION_INVALID',
    message: expect.stringContaining('scale 0.2'),
  });
  const margins = { top: 1, bottom: 0, left: 0, right: 0 };
  await expect(evaluateNode(maxPool2d, { ...attributes, padding: margins }, [x], q)).rejects.toMatchObject({
    code: 'OP_UNSUPPORTED',
  });
});

test('a mean rescales, over any axes', async () => {
  const x = tensor('int8', [1, 2, 2, 2], [1, 10, 2, 20, 3, 30, 4, 40], scaled(0.1, 2));
  // Means of channel 0: 2.5 - 2 = 0.5 steps of 0.1; of channel 1: 25 - 2 = 23 steps.
  const overImage = { axes: [1, 2] as [number, ...number[]], keepDims: false };
  expect(await evaluateNode(mean, overImage, [x], scaled(0.05, -1))).toEqual([0, 45]);
  const overChannels = { axes: [3] as [number, ...number[]], keepDims: true };
  expect(await evaluateNode(mean, overChannels, [x], scaled(0.1, 2))).toEqual([6, 11, 17, 22]);
});

test('a maximum over axes compares stored values, and never rescales', async () => {
  const x = tensor('int8', [1, 2, 2, 2], [-128, 10, -127, 20, 3, -30, 4, -40], q);
  const overImage = { axes: [2, 1] as [number, ...number[]], keepDims: false };
  expect(await evaluateNode(reduceMax, overImage, [x], q)).toEqual([4, 20]);
  const overRows = { axes: [1] as [number, ...number[]], keepDims: true };
  expect(await evaluateNode(reduceMax, overRows, [x], q)).toEqual([3, 10, 4, 20]);
  await expect(evaluateNode(reduceMax, overRows, [x], scaled(0.2, 7))).rejects.toMatchObject({
    code: 'QUANTIZATION_INVALID',
  });
});
