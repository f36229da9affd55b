import { describe, expect, test } from 'vitest';
import { convCase } from '../layer-cases.fixture.js';
import type { ConvShape } from '../layer-cases.fixture.js';
import { expectExact, kernelsOf, missing } from './exactness.fixture.js';

const rows: readonly ConvShape[] = [
  { image: [1, 4, 4, 4], outputs: 2, kernel: [3, 3] },
  { image: [1, 9, 8, 16], outputs: 16, kernel: [3, 3], activation: 'relu', zeroPoints: [-128, -128] },
  { image: [1, 5, 13, 7], outputs: 6, kernel: [3, 3], zeroPoints: [3, -5] },
  { image: [2, 7, 11, 5], outputs: 9, kernel: [3, 3], zeroPoints: [-77, 127] },
  { image: [1, 16, 16, 18], outputs: 8, kernel: [3, 3], strides: [2, 2], perTensor: true },
  { image: [1, 11, 25, 6], outputs: 5, kernel: [2, 5], strides: [1, 2], activation: 'relu6' },
  { image: [2, 13, 14, 13], outputs: 4, kernel: [5, 4], strides: [3, 3], zeroPoints: [127, 0] },
  { image: [1, 6, 17, 8], outputs: 4, kernel: [3, 3], dilations: [1, 2], padding: 'valid' },
  { image: [1, 6, 40, 8], outputs: 3, kernel: [1, 7], strides: [1, 2], dilations: [1, 3] },
  { image: [1, 3, 150, 8], outputs: 4, kernel: [3, 3], strides: [1, 2] },
  { image: [1, 3, 260, 4], outputs: 2, kernel: [3, 3] },
  { image: [1, 4, 1022, 4], outputs: 2, kernel: [3, 3] },
  { image: [1, 3, 1024, 4], outputs: 2, kernel: [3, 3] },
  { image: [1, 5, 8, 80], outputs: 4, kernel: [3, 3], zeroPoints: [5, -128] },
  { image: [1, 9, 9, 64], outputs: 4, kernel: [3, 3], bias: 60_000_000 },
  { image: [1, 6, 8, 8], outputs: 12, kernel: [3, 3], spread: 2, zeroPoints: [31, -128] },
  { image: [1, 6, 8, 8], outputs: 13, kernel: [3, 3], spread: 2, bias: 40_000 },
  { image: [1, 6, 8, 8], outputs: 13, kernel: [3, 3], spread: 9 },
];

const gathered: readonly ConvShape[] = [
  { image: [1, 1, 1, 12], outputs: 2, kernel: [1, 1] },
  { image: [1, 3, 1, 9], outputs: 5, kernel: [1, 1], zeroPoints: [9, -128] },
  { image: [1, 7, 5, 64], outputs: 64, kernel: [1, 1] },
  { image: [1, 2, 3, 250], outputs: 6, kernel: [1, 1] },
  { image: [1, 5, 3, 262], outputs: 4, kernel: [1, 1] },
  { image: [1, 7, 5, 16], outputs: 15, kernel: [1, 1], spread: 2, zeroPoints: [4, 4] },
  { image: [2, 5, 7, 19], outputs: 23, kernel: [1, 1], zeroPoints: [-3, 4], activation: 'relu' },
  { image: [1, 9, 9, 31], outputs: 8, kernel: [1, 1], strides: [2, 2] },
  { image: [1, 12, 12, 3], outputs: 24, kernel: [3, 3], zeroPoints: [0, -128] },
  { image: [2, 10, 9, 1], outputs: 7, kernel: [3, 3], zeroPoints: [50, 1] },
  { image: [1, 25, 10, 1], outputs: 12, kernel: [10, 4], strides: [2, 2], activation: 'relu' },
  { image: [1, 3, 3, 10], outputs: 3, kernel: [3, 3], zeroPoints: [-1, -2] },
  { image: [1, 2, 1, 10], outputs: 3, kernel: [3, 3], padding: 'same' },
  { image: [1, 3, 1, 3], outputs: 9, kernel: [4, 3], strides: [3, 2] },
  { image: [1, 4, 2, 1], outputs: 6, kernel: [3, 7], zeroPoints: [-9, 3] },
  { image: [1, 8, 9, 6], outputs: 4, kernel: [3, 2], dilations: [2, 3] },
  { image: [1, 7, 5, 2], outputs: 5, kernel: [7, 7], strides: [3, 2], zeroPoints: [127, 0] },
];

const cases = (shapes: readonly ConvShape[]) => shapes.map((shape, i) => convCase(shape, false, i + 1));

describe.skipIf(missing !== undefined)(`on a Cortex-M4 (${missing ?? 'all there'})`, () => {
  for (const optimize of ['speed', 'ram'] as const) {
    test(`convolutions over rows are exact, for ${optimize}`, () =>
      expectExact(cases(rows), /whittle_conv_rows_s8_dsp/, optimize));
    test(`convolutions of gathered windows are exact, for ${optimize}`, () =>
      expectExact(cases(gathered), /whittle_conv_(pixels|patches)_s8_dsp/, optimize));
  }
});

test('a single output channel, and biases of more than 27 bits, are left to portable C', async () => {
  const one = convCase({ image: [1, 6, 6, 4], outputs: 1, kernel: [3, 3] });
  expect(await kernelsOf(one)).toContain('whittle_conv_2d_s8');
  const large = convCase({ image: [1, 6, 6, 4], outputs: 8, kernel: [3, 3], bias: 100_000_000 });
  expect(await kernelsOf(large)).toContain('whittle_conv_2d_s8');
});

test('weights are read as they are stored where RAM comes first, and for a band of one tile', async () => {
  const packed = /whittle_conv_tiles_s8_dsp_\S*_packed/;
  const tiles = async (shape: ConvShape, optimize: 'speed' | 'ram') =>
    (await kernelsOf(convCase(shape), optimize)).join(' ');
  for (const shape of [rows[1], gathered[2]]) {
    expect(await tiles(shape, 'ram')).toMatch(packed);
    expect(await tiles(shape, 'speed')).not.toMatch(packed);
  }
  const small: ConvShape = { image: [1, 2, 2, 64], outputs: 8, kernel: [1, 1] };
  expect(await tiles(small, 'speed')).toMatch(packed);
  for (const shape of [rows[2], { ...small, outputs: 7 }])
    expect(await tiles(shape, 'ram'), 'of odd channels').not.toMatch(packed);
});
