import { dequantize, float32, quantize, tensor } from '@whittle/core';
import { expect, test } from 'vitest';
import { evaluateNode, scaled } from '../int8-node.fixture.js';

test('float32 is rounded half away from zero and saturated', async () => {
  const x = float32([6], [0.25, -0.25, 0.24, 100, -100, 0]);
  expect(await evaluateNode(quantize, { dtype: 'int8' }, [x], scaled(0.5, 10))).toEqual([
    11, 9, 10, 127, -128, 10,
  ]);
});

test('what has no integer becomes the minimum', async () => {
  const x = float32([3], [NaN, 1e20, -1e20]);
  expect(await evaluateNode(quantize, { dtype: 'int8' }, [x], scaled(0.5, 10))).toEqual([-128, -128, -128]);
});

test('int8 goes from scale to scale, and back to float32', async () => {
  const x = tensor('int8', [3], [-128, 3, 127], scaled(0.5, 3));
  // -131 halved is -65.5, which the high product rounds up.
  expect(await evaluateNode(quantize, { dtype: 'int8' }, [x], scaled(1, -1))).toEqual([-66, -1, 61]);
  expect(await evaluateNode(dequantize, {}, [x], undefined)).toEqual([-65.5, 0, 62]);
});

test('int16 comes from float32, goes to int8 and back, and to float32', async () => {
  const real = float32([4], [0.25, -0.25, 1e6, -1e6]);
  expect(await evaluateNode(quantize, { dtype: 'int16' }, [real], scaled(0.5))).toEqual([
    1, -1, 32767, -32768,
  ]);
  const wide = tensor('int16', [4], [-32768, -1, 1, 32767], scaled(2 ** -8));
  expect(await evaluateNode(quantize, { dtype: 'int8' }, [wide], scaled(2 ** -7, 5))).toEqual([
    -128, 5, 6, 127,
  ]);
  expect(await evaluateNode(quantize, { dtype: 'int16' }, [wide], scaled(2 ** -9))).toEqual([
    -32768, -2, 2, 32767,
  ]);
  expect(await evaluateNode(dequantize, {}, [wide], undefined)).toEqual([
    -128,
    -(2 ** -8),
    2 ** -8,
    32767 / 256,
  ]);
  const narrow = tensor('int8', [3], [-128, 3, 127], scaled(0.5, 3));
  expect(await evaluateNode(quantize, { dtype: 'int16' }, [narrow], scaled(1 / 256))).toEqual([
    -16768, 0, 15872,
  ]);
});

test('other integers are refused', async () => {
  const x = float32([1], [1]);
  await expect(evaluateNode(quantize, { dtype: 'int32' }, [x], scaled(0.5))).rejects.toMatchObject({
    code: 'OP_UNSUPPORTED',
  });
});
