import { createRandom, float32, tensor } from '@whittle/core';
import { expect, test } from 'vitest';
import { activationScaleOf } from './activation-scale.js';
import { quantizeLayer } from './quantize-weights.js';

/** An int8 activation of a scale. */
const scaled = (scale: number) => ({ dtype: 'int8' as const, scale, zeroPoint: 0 });

const random = createRandom(9).at('weights');

test('a scale for each channel, symmetric and narrow', () => {
  const weight = float32(
    [2, 3, 4],
    Array.from({ length: 24 }, () => random.normal()),
  );
  const { weight: stored } = quantizeLayer(weight, undefined, scaled(0.1), 1);
  expect(stored.quantization).toMatchObject({ axis: 1, zeroPoint: new Int32Array(3) });
  stored.data.forEach((w, i) => {
    const scale = stored.quantization!.scale[Math.floor(i / 4) % 3];
    expect(Math.abs(w)).toBeLessThanOrEqual(127);
    expect(Math.abs(w * scale - weight.data[i])).toBeLessThanOrEqual(scale * 0.501);
  });
  const perTensor = quantizeLayer(weight, undefined, scaled(0.1), undefined).weight;
  expect(perTensor.quantization!.scale).toHaveLength(1);
  expect(perTensor.quantization!.axis).toBeUndefined();
  expect(Math.max(...perTensor.data.map(Math.abs))).toBe(127);
});

test('a bias is an int32 of input scale times weight scale', () => {
  const { weight, bias } = quantizeLayer(
    float32([1, 2], [1, -0.5]),
    float32([2], [0.3, -7]),
    scaled(0.25),
    1,
  );
  expect(bias!.dtype).toBe('int32');
  bias!.data.forEach((stored, c) => {
    const b = Number(stored);
    const scale = 0.25 * weight.quantization!.scale[c];
    expect(bias!.quantization!.scale[c]).toBe(Math.fround(scale));
    expect(Math.abs(b * scale - [0.3, -7][c])).toBeLessThanOrEqual(scale);
  });
});

test('channels of zeros keep a precise bias, and large biases fit', () => {
  const { weight, bias } = quantizeLayer(
    float32([1, 3], [0, 0.5, 1e-9]),
    float32([3], [0.3, 0, 10]),
    scaled(1e-3),
    1,
  );
  const { scale } = weight.quantization!;
  expect([...weight.data.subarray(0, 1)]).toEqual([0]);
  expect(Math.abs(Number(bias!.data[0]) * 1e-3 * scale[0] - 0.3)).toBeLessThan(1e-5);
  expect(bias!.data[2]).toBeLessThanOrEqual(2 ** 29);
  expect(Math.abs(Number(bias!.data[2]) * 1e-3 * scale[2] - 10)).toBeLessThan(1e-5);
  const zeros = quantizeLayer(float32([1, 1], [0]), undefined, scaled(1), 1).weight;
  expect(zeros).toMatchObject(tensor('int8', [1, 1], [0]));
  expect(zeros.quantization!.scale[0]).toBeGreaterThan(0);
});

test.each<[[number, number], number]>([
  [[-1, 3], -64],
  [[0, 6], -128],
  [[2, 6], -128],
  [[-5, -1], 127],
  [[0, 0], -128],
])('the range %o holds zero exactly, at %d', ([min, max], zeroPoint) => {
  const found = activationScaleOf([min, max]);
  expect(found.zeroPoint).toBe(zeroPoint);
  expect(found.scale * (127 - zeroPoint)).toBeGreaterThanOrEqual(max - found.scale);
  expect(found.scale * (-128 - zeroPoint)).toBeLessThanOrEqual(min + found.scale);
});

test('a least scale widens the range', () => {
  expect(activationScaleOf([0, 1], 'int8', 0.5)).toEqual({ dtype: 'int8', scale: 0.5, zeroPoint: -128 });
});

test('int16 is symmetric', () => {
  const found = activationScaleOf([-1, 3], 'int16');
  expect(found).toEqual({ dtype: 'int16', scale: Math.fround(3 / 32767), zeroPoint: 0 });
  expect(activationScaleOf([0, 0], 'int16').scale).toBe(Math.fround(1 / 32767));
  expect(activationScaleOf([-1, 3], 'int16', 0.5).scale).toBe(0.5);
});

test('a bias beside int16 is an int64, and beyond 32 bits where it is large', () => {
  const input = { dtype: 'int16' as const, scale: 1e-5, zeroPoint: 0 };
  const { weight, bias } = quantizeLayer(float32([1, 1], [0.001]), float32([1], [20]), input, 1);
  expect(bias!.dtype).toBe('int64');
  const scale = 1e-5 * weight.quantization!.scale[0];
  expect(Number(bias!.data[0])).toBeGreaterThan(2 ** 32);
  expect(Math.abs(Number(bias!.data[0]) * scale - 20)).toBeLessThanOrEqual(scale);
});
