import { conv2d, createRandom, depthwiseConv2d, float32, pad, tensor } from '@whittle/core';
import type { ConvAttributes, Tensor } from '@whittle/core';
import { expect, test } from 'vitest';
import { evaluateNode, oneNode, randomInt8, scaled } from '../int8-node.fixture.js';
import { prepareInt8 } from '../prepare-int8.js';

const random = createRandom(3).at('convolution');
const plain: ConvAttributes = {
  strides: [1, 1],
  padding: 'valid',
  dilations: [1, 1],
  activation: 'none',
  groups: 1,
};

function weightOf(shape: readonly number[], axis: number): Tensor<'int8'> {
  const scales = Array.from({ length: shape[axis] }, () => 0.002 + 0.01 * random.float());
  return randomInt8(random, shape, scaled(scales, 0, axis));
}

/** The float32 tensor with the same real values; per-channel scales lie along the last axis. */
function real(value: Tensor): Tensor<'float32'> {
  const { scale, zeroPoint } = value.quantization ?? scaled(1);
  const of = (i: number) => (scale.length === 1 ? 0 : i % scale.length);
  return float32(
    value.shape,
    Array.from(value.data as ArrayLike<unknown>, (x, i) => scale[of(i)] * (Number(x) - zeroPoint[of(i)])),
  );
}

test.each<[string, Partial<ConvAttributes>, readonly number[]]>([
  ['3x3, padded', { padding: 'same' }, [3, 3, 4, 6]],
  ['strided and dilated', { strides: [2, 1], dilations: [1, 2], padding: 'same' }, [2, 3, 4, 5]],
  ['in groups', { groups: 2, activation: 'relu' }, [1, 2, 2, 6]],
  ['with margins', { padding: { top: 2, bottom: 0, left: 1, right: 3 } }, [3, 3, 4, 2]],
])('conv2d %s is within a step of the real convolution', async (_, change, shape) => {
  const attributes = { ...plain, ...change };
  const x = randomInt8(random, [2, 6, 5, 4], scaled(0.04, 17));
  const weight = weightOf(shape, 3);
  const bias = tensor(
    'int32',
    [shape[3]],
    Array.from({ length: shape[3] }, () => random.int(2000) - 1000),
    scaled(
      Array.from(weight.quantization!.scale, (s) => s * x.quantization!.scale[0]),
      0,
      0,
    ),
  );
  const output = scaled(0.06, -3);
  const found = await evaluateNode(conv2d, attributes, [x, weight, bias], output);
  const [wanted] = conv2d.evaluate(
    { name: 'y', attributes, inputs: [real(x), real(weight), real(bias)] },
    [x, weight, bias].map(real),
  );
  expect(found).toHaveLength(wanted.data.length);
  found.forEach((y, i) => {
    const stored = Math.min(Math.max(Number(wanted.data[i]) / output.scale[0] - 3, -128), 127);
    expect(Math.abs(y - stored)).toBeLessThan(1);
  });
});

test('margins give what a pad with the zero point and a valid convolution give', async () => {
  const x = randomInt8(random, [1, 5, 5, 3], scaled(0.1, -20));
  const weight = weightOf([3, 3, 3, 4], 3);
  const margins = { top: 1, bottom: 2, left: 0, right: 3 };
  const direct = await evaluateNode(conv2d, { ...plain, padding: margins }, [x, weight], scaled(0.2, 5));
  const wide = await evaluateNode(
    pad,
    {
      paddings: [
        [0, 0],
        [1, 2],
        [0, 3],
        [0, 0],
      ],
      value: 0,
    },
    [x],
    scaled(0.1, -20),
  );
  const padded = tensor('int8', [1, 8, 8, 3], wide, x.quantization);
  expect(await evaluateNode(conv2d, plain, [padded, weight], scaled(0.2, 5))).toEqual(direct);
});

test('a convolution with a group for each channel is a depthwise convolution', async () => {
  const x = randomInt8(random, [1, 6, 6, 3], scaled(0.1, 9));
  const scales = [0.01, 0.02, 0.015];
  const weight = randomInt8(random, [3, 3, 3, 2], scaled(scales, 0, 2));
  const grouped = tensor(
    'int8',
    [3, 3, 1, 6],
    weight.data,
    scaled(
      scales.flatMap((s) => [s, s]),
      0,
      3,
    ),
  );
  const { groups: _, ...attributes } = plain;
  expect(await evaluateNode(depthwiseConv2d, attributes, [x, weight], scaled(0.1, 0))).toEqual(
    await evaluateNode(conv2d, { ...plain, groups: 3 }, [x, grouped], scaled(0.1, 0)),
  );
});

test.each<[string, Tensor, RegExp]>([
  ['another axis', randomInt8(random, [1, 1, 2, 2], scaled([0.1, 0.2], 0, 2)), /axis 3/],
  ['a zero point', randomInt8(random, [1, 1, 2, 2], scaled(0.1, 4)), /zero points must be 0/],
  ['no scale', tensor('int8', [1, 1, 2, 2]), /no scale/],
  ['float32', float32([1, 1, 2, 2]), /must be int8/],
])('weights with %s are refused', async (_, weight, message) => {
  const x = randomInt8(random, [1, 2, 2, 2], scaled(0.1));
  await expect(prepareInt8(oneNode(conv2d, plain, [x, weight], scaled(0.1)))).rejects.toMatchObject({
    code: 'QUANTIZATION_INVALID',
    message: expect.stringMatching(message),
    node: 'y',
  });
});

test('a computed weight is refused', async () => {
  const operands = [
    randomInt8(random, [1, 2, 2, 2], scaled(0.1)),
    randomInt8(random, [1, 1, 2, 2], scaled(0.1)),
  ];
  await expect(prepareInt8(oneNode(conv2d, plain, operands, scaled(0.1), 2))).rejects.toMatchObject({
    code: 'OP_UNSUPPORTED',
  });
});
