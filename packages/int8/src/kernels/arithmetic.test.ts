import { batchMatmul, prelu, resizeBilinear, tensor, transposeConv2d } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { evaluateNode, scaled } from '../int8-node.fixture.js';

describe('transpose_conv2d', () => {
  const attributes = { strides: [1, 2], padding: 'valid', outputSize: [1, 5], activation: 'none' } as const;
  const plain = {
    ...attributes,
    strides: [1, 2] as [number, number],
    outputSize: [1, 5] as [number, number],
  };
  const x = tensor('int8', [1, 1, 2, 1], [8, -2], scaled(0.5, 3));
  const weight = tensor('int8', [1, 3, 1, 1], [1, 2, -3], scaled(0.25));

  it('adds the kernel around every input pixel, less the zero point', async () => {
    const bias = tensor('int32', [1], [10], scaled(0.125));
    // 5 and -5 of scale 0.125: [5, 10, -15] and [-5, -10, 15] overlap in the middle.
    expect(await evaluateNode(transposeConv2d, plain, [x, weight, bias], scaled(0.125, 1))).toEqual([
      16, 21, -9, 1, 26,
    ]);
    const clamped = { ...plain, activation: 'relu' as const };
    expect(await evaluateNode(transposeConv2d, clamped, [x, weight], scaled(0.125, 1))).toEqual([
      6, 11, 1, 1, 16,
    ]);
  });

  it('refuses weights with zero points, and scales along another axis', async () => {
    for (const q of [scaled(0.25, 1), scaled([0.1, 0.2, 0.3], 0, 1)])
      await expect(
        evaluateNode(transposeConv2d, plain, [x, { ...weight, quantization: q }], scaled(0.125)),
      ).rejects.toMatchObject({ code: 'QUANTIZATION_INVALID', node: 'y' });
  });
});

describe('batch_matmul', () => {
  const a = tensor('int8', [1, 2, 2], [1, 2, 3, 4], scaled(0.5, 1));
  const b = tensor('int8', [1, 2, 2], [5, 6, 7, 8], scaled(0.5, 4));

  it('multiplies distances from both zero points', async () => {
    // [[0, 1], [2, 3]] times [[1, 2], [3, 4]].
    const plain = { transposeA: false, transposeB: false };
    expect(await evaluateNode(batchMatmul, plain, [a, b], scaled(0.25, -10), 2)).toEqual([-7, -6, 1, 6]);
    const both = { transposeA: true, transposeB: true };
    expect(await evaluateNode(batchMatmul, both, [a, b], scaled(0.25, -10), 2)).toEqual([-6, -2, -3, 5]);
  });

  it('refuses more axes than TFLite Micro takes', async () => {
    const deep = { ...a, shape: [1, 1, 1, 1, 2, 2] };
    await expect(
      evaluateNode(batchMatmul, { transposeA: false, transposeB: false }, [deep, b], scaled(1), 2),
    ).rejects.toMatchObject({ code: 'OP_UNSUPPORTED', node: 'y' });
  });
});

describe('prelu', () => {
  it('rescales above zero, and multiplies with the slope below', async () => {
    const x = tensor('int8', [1, 4], [12, 2, -8, -128], scaled(0.5, 2));
    const alpha = tensor('int8', [4], [9, 9, 9, -11], scaled(0.25, 1));
    // 5, 0, -5 and -65 with slopes of 2 and -3.
    expect(await evaluateNode(prelu, {}, [x, alpha], scaled(1, -1))).toEqual([4, -1, -11, 127]);
  });
});

describe('resize_bilinear', () => {
  const to = (width: number, halfPixelCenters: boolean) => ({
    size: [1, width] as [number, number],
    alignCorners: false,
    halfPixelCenters,
  });

  it('rounds halves away from zero', async () => {
    const x = tensor('int8', [1, 1, 3, 1], [-4, -3, 4], scaled(0.5, 9));
    expect(await evaluateNode(resizeBilinear, to(6, false), [x], scaled(0.5, 9))).toEqual([
      -4, -4, -3, 1, 4, 4,
    ]);
    expect(await evaluateNode(resizeBilinear, to(1, true), [x], scaled(0.5, 9))).toEqual([-3]);
  });

  it('refuses to rescale', async () => {
    const x = tensor('int8', [1, 1, 1, 1], [1], scaled(0.5, 9));
    await expect(evaluateNode(resizeBilinear, to(2, false), [x], scaled(0.5, 8))).rejects.toMatchObject({
      code: 'QUANTIZATION_INVALID',
      node: 'y',
    });
  });
});
