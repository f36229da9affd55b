import { describe, expect, test } from 'vitest';
import { convCase } from '../layer-cases.fixture.js';
import type { ConvShape } from '../layer-cases.fixture.js';
import { expectExact, kernelsOf, missing } from './exactness.fixture.js';

const kernel = 'whittle_depthwise_conv_2d_s8_dsp';

/** A layer of one output a channel and the kernel 3 x 3, unless told otherwise. */
const layer = (image: ConvShape['image'], more: Partial<ConvShape> = {}): ConvShape => ({
  image,
  outputs: 1,
  kernel: [3, 3],
  ...more,
});

const shapes: readonly ConvShape[] = [
  layer([1, 1, 1, 4]),
  layer([1, 1, 7, 8], { zeroPoints: [4, -128] }),
  layer([1, 6, 1, 4], { zeroPoints: [-128, 9] }),
  layer([1, 2, 2, 5]),
  layer([1, 5, 5, 6], { activation: 'relu', zeroPoints: [127, 3] }),
  layer([1, 7, 4, 11], { perTensor: true }),
  layer([1, 8, 6, 64], { zeroPoints: [-128, -128], bias: 100_000 }),
  layer([2, 4, 9, 7]),
  layer([1, 3, 3, 4], { padding: 'valid' }),
  layer([1, 6, 8, 9], { padding: 'valid', zeroPoints: [-5, 127] }),
  layer([1, 9, 5, 8], { padding: 'valid', activation: 'relu6' }),
  layer([1, 1, 1, 4], { strides: [2, 2] }),
  layer([1, 2, 3, 7], { strides: [2, 2], zeroPoints: [0, 0] }),
  layer([1, 8, 8, 16], { strides: [2, 2] }),
  layer([1, 9, 7, 5], { strides: [2, 2], perTensor: true }),
  layer([1, 7, 12, 4], { strides: [2, 2], padding: 'valid', zeroPoints: [-128, 20] }),
  layer([3, 6, 5, 6], { strides: [2, 2], padding: 'valid' }),
  layer([1, 25, 5, 12]),
  layer([1, 6, 6, 12], { spread: 2, bias: 32_767 }),
  layer([1, 6, 6, 12], { spread: 2, bias: 1_000_000, zeroPoints: [-128, 7] }),
  layer([1, 6, 6, 12], { spread: 9, zeroPoints: [77, -128] }),
];

const cases = shapes.map((shape, i) => convCase(shape, true, i + 1));

describe.skipIf(missing !== undefined)(`on a Cortex-M4 (${missing ?? 'all there'})`, () => {
  for (const optimize of ['speed', 'ram'] as const)
    test(`depthwise convolutions of every remainder are exact, for ${optimize}`, () =>
      expectExact(cases, RegExp(`\\b${kernel}\\b`), optimize));
});

test('other windows, few channels and multipliers go to the portable kernel', async () => {
  for (const shape of [
    layer([1, 8, 8, 8], { kernel: [3, 5] }),
    layer([1, 8, 8, 8], { strides: [1, 2] }),
    layer([1, 8, 8, 8], { strides: [3, 3] }),
    layer([1, 8, 8, 8], { dilations: [1, 2] }),
    layer([1, 8, 8, 8], { outputs: 2 }),
    layer([1, 8, 8, 3]),
  ])
    expect(await kernelsOf(convCase(shape, true))).toEqual(['whittle_depthwise_conv_2d_s8']);
});
