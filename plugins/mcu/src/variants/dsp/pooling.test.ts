import { averagePool2d, maxPool2d, ModelBuilder, sizeOf, tensor } from '@whittle/core';
import type { RunCase } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { pseudoRandom } from '../../integer-network.fixture.js';
import { expectExact, kernelsOf, missing } from './exactness.fixture.js';

interface PoolShape {
  readonly image: readonly [batch: number, height: number, width: number, channels: number];
  readonly size: [number, number];
  readonly strides?: [number, number];
  readonly padding?: 'same' | 'valid';
}

/** Max or average pooling of random bytes, of the least and of the largest value. */
function poolCase(op: typeof maxPool2d, shape: PoolShape): RunCase {
  const { image, size, strides = size, padding = 'valid' } = shape;
  const quantization = { scale: Float32Array.of(0.1), zeroPoint: Int32Array.of(-3) };
  const builder = new ModelBuilder(`${op.name} ${JSON.stringify(shape)}`);
  const x = builder.input('x', image, { dtype: 'int8', quantization });
  const attributes = { size, strides, padding, activation: 'none' as const };
  builder.output(builder.node('y', op, attributes, [x], { quantization: [quantization] }));
  const next = pseudoRandom(sizeOf(image));
  const inputs = [next, () => -128, () => 127].map((value) => [
    tensor('int8', image, Int8Array.from({ length: sizeOf(image) }, value)),
  ]);
  return { model: builder.finish(), inputs };
}

const shapes: readonly PoolShape[] = [
  { image: [1, 2, 2, 4], size: [2, 2] },
  { image: [1, 16, 16, 5], size: [16, 16] },
  { image: [2, 5, 7, 11], size: [3, 3], strides: [2, 2], padding: 'same' },
  { image: [1, 6, 6, 8], size: [2, 3], strides: [1, 1], padding: 'same' },
  { image: [1, 9, 4, 6], size: [3, 2], strides: [3, 1] },
];

describe.skipIf(missing !== undefined)(`on a Cortex-M4 (${missing ?? 'all there'})`, () => {
  for (const op of [averagePool2d, maxPool2d])
    test(`${op.name} of four channels at a time is exact`, () =>
      expectExact(
        shapes.map((shape) => poolCase(op, shape)),
        /_pool_2d_s8_dsp\b/,
      ));
});

test('few channels, and windows whose sums leave 16 bits, go to the portable kernel', async () => {
  const wide: PoolShape = { image: [1, 16, 17, 4], size: [16, 17] };
  const thin: PoolShape = { image: [1, 4, 4, 3], size: [2, 2] };
  expect(await kernelsOf(poolCase(averagePool2d, wide))).toEqual(['whittle_average_pool_2d_s8']);
  expect(await kernelsOf(poolCase(averagePool2d, thin))).toEqual(['whittle_average_pool_2d_s8']);
  expect(await kernelsOf(poolCase(maxPool2d, wide))).toEqual(['whittle_max_pool_2d_s8_dsp']);
  expect(await kernelsOf(poolCase(maxPool2d, thin))).toEqual(['whittle_max_pool_2d_s8']);
});
