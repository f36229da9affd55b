import { add, ModelBuilder, sizeOf, sub, tensor } from '@whittle/core';
import type { RunCase } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { pseudoRandom } from '../../integer-network.fixture.js';
import { targetRuntime } from '../../runtimes.js';
import { aarch64, aarch64Dotprod } from '../../targets/index.js';
import { expectExactOutputs, kernelsOf as kernelsFor, whyMissing } from '../exactness.fixture.js';
import { convCase, denseCase } from '../layer-cases.fixture.js';

const image = (height: number, width: number, channels: number, batch = 1) =>
  [batch, height, width, channels] as const;

/** Channels around multiples of 4 and 8, pixels around multiples of tiles, runs around multiples of 16. */
const convolutions = [
  convCase({ image: image(5, 5, 3), outputs: 8, kernel: [3, 3] }),
  convCase({ image: image(1, 1, 1), outputs: 1, kernel: [1, 1] }),
  convCase({ image: image(4, 7, 5), outputs: 9, kernel: [1, 1], zeroPoints: [127, -128] }),
  convCase({ image: image(9, 6, 4), outputs: 17, kernel: [3, 2], strides: [2, 3], padding: 'valid' }),
  convCase({ image: image(8, 8, 16), outputs: 7, kernel: [3, 3], activation: 'relu6', perTensor: true }),
  convCase({ image: image(7, 9, 8), outputs: 12, kernel: [3, 3], dilations: [2, 3], zeroPoints: [-7, 90] }),
  convCase({ image: image(6, 5, 3, 3), outputs: 4, kernel: [4, 3], bias: 2_000_000 }),
  convCase({ image: image(5, 3, 64, 2), outputs: 13, kernel: [1, 1], zeroPoints: [3, 4] }),
  convCase({ image: image(9, 8, 48), outputs: 15, kernel: [1, 1], strides: [2, 2], activation: 'relu' }),
  convCase({ image: image(40, 33, 16), outputs: 16, kernel: [3, 3], zeroPoints: [-20, 5] }),
  convCase({ image: image(30, 11, 28), outputs: 6, kernel: [5, 1], padding: 'valid' }),
  convCase({ image: image(25, 10, 1), outputs: 21, kernel: [10, 4], strides: [2, 2] }),
  convCase({ image: image(6, 6, 2), outputs: 5, kernel: [3, 3], dilations: [2, 2], zeroPoints: [60, 0] }),
].map((run) => [run, 'whittle_conv_2d_s8_neon'] as const);

const depthwise = [
  convCase({ image: image(6, 5, 16), outputs: 1, kernel: [3, 3] }, true),
  convCase({ image: image(8, 8, 29), outputs: 1, kernel: [3, 3], strides: [2, 1], perTensor: true }, true),
  convCase({ image: image(9, 9, 20), outputs: 1, kernel: [2, 2], dilations: [3, 2], padding: 'valid' }, true),
  convCase({ image: image(4, 4, 33, 2), outputs: 1, kernel: [5, 3], activation: 'relu' }, true),
  convCase({ image: image(31, 30, 24), outputs: 1, kernel: [3, 3], zeroPoints: [127, 3] }, true),
  convCase(
    { image: image(7, 6, 40), outputs: 1, kernel: [3, 3], strides: [2, 2], zeroPoints: [9, -128] },
    true,
  ),
].map((run) => [run, 'whittle_depthwise_conv_2d_s8_neon'] as const);

const products = [
  denseCase({ rows: 1, inputs: 1, outputs: 1 }),
  denseCase({ rows: 3, inputs: 15, outputs: 5, perTensor: true }),
  denseCase({ rows: 1, inputs: 16, outputs: 4, activation: 'relu' }),
  denseCase({ rows: 2, inputs: 33, outputs: 6, zeroPoints: [-128, 127] }),
  denseCase({ rows: 2, inputs: 46, outputs: 31 }),
  denseCase({ rows: 4, inputs: 56, outputs: 48, perTensor: true, activation: 'relu6' }),
].map((run) => [run, 'whittle_fully_connected_s8'] as const);

const linearSums = [
  sumCase([1, 3, 8], [0.03, 0.011]),
  sumCase([1, 5, 7], [0.02, 0.02]),
  sumCase([2, 4, 1], [0.004, 0.3]),
  sumCase([1, 48], [0.01, 0.009], true, false),
].map((run) => [run, 'whittle_linear_sum_s8_neon'] as const);

/** Factors of about 8 are no linear function in 32 bits. */
const exactSums = [
  sumCase([1, 3, 8], [0.08, 0.02, 0.009]),
  sumCase([1, 5, 7], [0.08, 0.08, 0.009]),
  sumCase([1, 48], [0.08, 0.03, 0.009], true, false),
].map((run) => [run, 'whittle_add_s8_neon'] as const);

const sums = [...linearSums, ...exactSums];

/** A sum of two inputs, or their difference, by one clamped or not. */
function sumCase(
  shape: number[],
  [aScale, bScale, scale = 1.3 * Math.max(aScale, bScale)]: number[],
  difference = false,
  clamps = true,
): RunCase {
  const next = pseudoRandom(shape.length + 7);
  const type = (step: number, zeroPoint: number) => ({
    scale: Float32Array.of(step),
    zeroPoint: Int32Array.of(zeroPoint),
  });
  const builder = new ModelBuilder(`${shape.join('x')}, scales ${aScale} and ${bScale} to ${scale}`);
  const inputs = [
    builder.input('a', shape, { dtype: 'int8', quantization: type(aScale, -5) }),
    builder.input('b', shape, { dtype: 'int8', quantization: type(bScale, 77) }),
  ];
  const output = { quantization: [type(scale, -11)] };
  const attributes = { activation: clamps ? ('relu' as const) : ('none' as const) };
  // The kernel subtracts the operand of larger scale.
  const operands = difference ? [...inputs].reverse() : inputs;
  builder.output(builder.node('y', difference ? sub : add, attributes, operands, output));
  const random = () => tensor('int8', shape, Int8Array.from({ length: sizeOf(shape) }, next));
  return { model: builder.finish(), inputs: [0, 1, 2].map(() => [random(), random()]) };
}

const all = [...convolutions, ...depthwise, ...products, ...sums];

for (const target of [aarch64, aarch64Dotprod]) {
  const runtime = targetRuntime(target, target.description);
  const missing = await whyMissing(runtime);
  test.skipIf(missing !== undefined)(
    `layers are exact: ${target.name} (${missing ?? 'all there'})`,
    () =>
      expectExactOutputs(
        runtime,
        all.map(([run]) => run),
      ),
    60_000,
  );
}

describe('what the kernels for 64-bit Arm cover', () => {
  const kernelsOf = (run: RunCase, { features } = aarch64) => kernelsFor(run, features);

  test('is every layer above', async () => {
    for (const [run, kernel] of [...convolutions, ...products, ...sums])
      expect((await kernelsOf(run, aarch64Dotprod)).join(), run.model.name).toContain(kernel);
    for (const [run, kernel] of depthwise) expect(await kernelsOf(run), run.model.name).toContain(kernel);
  });

  test('is not depthwise convolutions of fewer than 16 channels', async () => {
    const narrow = convCase({ image: image(4, 4, 15), outputs: 1, kernel: [3, 3] }, true);
    expect(await kernelsOf(narrow)).toEqual(['whittle_depthwise_conv_2d_s8_simd128']);
  });
});
