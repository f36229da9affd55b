import {
  abs,
  add,
  averagePool2d,
  concat,
  depthToSpace,
  elu,
  hardSwish,
  leakyRelu,
  maximum,
  maxPool2d,
  mean,
  mirrorPad,
  mul,
  pad,
  prelu,
  reduceMax,
  relu,
  relu6,
  resizeBilinear,
  resizeNearest,
  sigmoid,
  softmax,
  sub,
  tanh,
  tensor,
} from '@whittle/core';
import type { OpDefinition, Quantization, Tensor, UnaryOp } from '@whittle/core';
import { describe, expect, it, test } from 'vitest';
import { evaluateNode, realValues, scaled } from '../int8-node.fixture.js';

/** An op whose attributes are given beside it. */
type Refused = Pick<OpDefinition, 'name'>;

const unit = scaled(2 ** -15);

/** Every 77th int16. */
function sweep(q: Quantization): Tensor {
  const data = Int16Array.from({ length: 851 }, (_, i) => i * 77 - 32768);
  return tensor('int16', [1, 851], data, q);
}

describe.each<[string, object, object, Quantization, Quantization, number]>([
  ['relu', relu, {}, scaled(2e-4), scaled(1.5e-4), 0.51],
  ['relu6', relu6, {}, scaled(3e-4), scaled(3e-4), 0.51],
  ['leaky_relu', leakyRelu, { alpha: 0.2 }, scaled(2e-4), scaled(1.5e-4), 0.76],
  ['leaky_relu of negative slope', leakyRelu, { alpha: -0.5 }, scaled(2e-4), scaled(1.5e-4), 0.76],
  ['abs', abs, {}, scaled(2e-4), scaled(3e-4), 0.76],
  ['abs at one scale', abs, {}, scaled(2e-4), scaled(2e-4), 0],
  // Interpolated between 256 entries.
  ['sigmoid', sigmoid, {}, scaled(2e-4), unit, 8],
  ['sigmoid of a power of two', sigmoid, {}, scaled(2 ** -12), unit, 8],
  ['tanh', tanh, {}, scaled(2e-4), unit, 14],
  ['tanh of a power of two', tanh, {}, scaled(2 ** -11), unit, 14],
])('%s of int16', (_, definition, attributes, input, output, steps) => {
  const op = definition as UnaryOp;

  it('is near the real function', async () => {
    const x = sweep(input);
    const stored = await evaluateNode(op, attributes, [x], output);
    realValues(x).forEach((real, i) => {
      const exact = op.apply(real, attributes) / output.scale[0];
      expect(Math.abs(stored[i] - Math.min(Math.max(exact, -32768), 32767))).toBeLessThanOrEqual(steps);
    });
  });
});

test('softmax of int16 is near the real function, and sums to 1', async () => {
  const x = tensor('int16', [2, 4], [0, 1000, -32768, 32767, 5, 5, 5, 5], scaled(2e-4));
  const real = realValues(x);
  const shares = [0, 4].flatMap((start) => {
    const powers = real.slice(start, start + 4).map(Math.exp);
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  });
  const stored = await evaluateNode(softmax, { beta: 1 }, [x], unit);
  stored.forEach((share, i) => expect(Math.abs(share - shares[i] * 32768)).toBeLessThanOrEqual(4));
});

describe('sums and products of int16', () => {
  const none = { activation: 'none' as const };
  const a = tensor('int16', [3], [-32768, 100, 32767], scaled(0.5));
  const b = tensor('int16', [3], [-32768, 3, 32767], scaled(0.25));

  it('rescale and saturate', async () => {
    expect(await evaluateNode(add, none, [a, b], scaled(0.5), 2)).toEqual([-32768, 102, 32767]);
    expect(await evaluateNode(sub, none, [a, b], scaled(1), 2)).toEqual([-8192, 49, 8192]);
    expect(await evaluateNode(mul, none, [a, b], scaled(1), 2)).toEqual([32767, 38, 32767]);
    expect(await evaluateNode(mul, { activation: 'relu6' }, [a, b], scaled(1), 2)).toEqual([6, 6, 6]);
  });

  it('compare as they are', async () => {
    const c = tensor('int16', [3], [5, 101, -5], scaled(0.5));
    expect(await evaluateNode(maximum, none, [a, c], scaled(0.5), 2)).toEqual([5, 101, 32767]);
  });

  it('have slopes of int8', async () => {
    const alpha = tensor('int8', [1], [64], scaled(1 / 128));
    expect(await evaluateNode(prelu, {}, [a, alpha], scaled(0.5))).toEqual([-16384, 100, 32767]);
  });
});

test('pools and means of int16 keep their type', async () => {
  const x = tensor('int16', [1, 2, 2, 1], [-32768, -32767, 1, 2], scaled(0.5));
  const window = { size: [2, 2] as [number, number], strides: [1, 1] as [number, number] };
  const pool = { ...window, padding: 'valid' as const, activation: 'none' as const };
  expect(await evaluateNode(averagePool2d, pool, [x], scaled(0.5))).toEqual([-16383]);
  expect(await evaluateNode(maxPool2d, pool, [x], scaled(0.5))).toEqual([2]);
  const over = { axes: [1, 2] as [number, ...number[]], keepDims: false };
  expect(await evaluateNode(mean, over, [x], scaled(0.25))).toEqual([-32766]);
});

test('a window of int16 whose sum may leave 32 bits is refused', async () => {
  const x = tensor('int16', [1, 256, 256, 1], undefined, scaled(0.5));
  const window = { size: [256, 256] as [number, number], strides: [1, 1] as [number, number] };
  const pool = { ...window, padding: 'valid' as const, activation: 'none' as const };
  await expect(evaluateNode(averagePool2d, pool, [x], scaled(0.5))).rejects.toMatchObject({
    code: 'OP_UNSUPPORTED',
  });
});

describe('int16 without a kernel in TFLite Micro is refused:', () => {
  const x = tensor('int16', [1, 2, 2, 4], undefined, scaled(0.5));
  const resize = { size: [2, 2], alignCorners: false, halfPixelCenters: false };
  const margins = [0, 1, 1, 0].map((m): [number, number] => [m, m]);
  it.each<[Refused, object]>([
    [elu, {}],
    [hardSwish, {}],
    [reduceMax, { axes: [1], keepDims: true }],
    [mirrorPad, { paddings: margins, mode: 'symmetric' }],
    [resizeBilinear, resize],
    [depthToSpace, { blockSize: 2 }],
  ])('$name', async (op, attributes) => {
    const run = evaluateNode(op as never, attributes, [x], scaled(0.5));
    await expect(run).rejects.toMatchObject({
      code: 'QUANTIZATION_INVALID',
      message: expect.stringContaining('int16') as string,
    });
  });
});

describe('refused for int16:', () => {
  const x = tensor('int16', [1, 2, 2, 1], undefined, scaled(0.5, 3));
  it.each<[string, Refused, object, Quantization, number]>([
    ['a product with zero points', mul, { activation: 'none' }, scaled(0.5), 2],
    [
      'a pad with a zero point',
      pad,
      {
        paddings: [
          [0, 0],
          [1, 1],
          [0, 0],
          [0, 0],
        ],
        value: 0,
      },
      scaled(0.5, 3),
      1,
    ],
    ['a relu with a zero point', relu, {}, scaled(0.5), 1],
    ['an abs with a zero point', abs, {}, scaled(0.5), 1],
    ['a concat with a zero point', concat, { axis: 3 }, scaled(0.5, 3), 2],
    ['a sigmoid with a zero point', sigmoid, {}, unit, 1],
    [
      'a nearest resize that would rescale',
      resizeNearest,
      { size: [4, 4], alignCorners: false, halfPixelCenters: false },
      scaled(0.5),
      1,
    ],
  ])('%s', async (_, op, attributes, output, operands) => {
    const inputs = Array.from({ length: operands }, () => x);
    const run = evaluateNode(op as never, attributes, inputs, output, operands);
    await expect(run).rejects.toMatchObject({ code: 'QUANTIZATION_INVALID' });
  });

  it('scales that sigmoid, tanh and softmax do not write', async () => {
    const y = sweep(scaled(2e-4));
    for (const [op, attributes] of [
      [sigmoid, {}],
      [tanh, {}],
      [softmax, { beta: 1 }],
    ] as const)
      await expect(evaluateNode(op as never, attributes, [y], scaled(1 / 256))).rejects.toMatchObject({
        code: 'QUANTIZATION_INVALID',
      });
  });
});
