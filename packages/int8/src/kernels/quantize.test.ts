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

test('other integers are refused', async () => {
  const x = float32([1], [1]);
  await expect(evaluateNode(quantize, { dtype: 'int16' }, [x], scaled(0.5))).rejects.toMatchObject({
    code: 'OP_UNSUPPORTED',
  });
});
