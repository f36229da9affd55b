import { add, ModelBuilder, sizeOf, sub, tensor } from '@whittle/core';
import type { RunCase, Runtime } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { pseudoRandom } from '../../integer-network.fixture.js';
import { targetRuntime } from '../../runtimes.js';
import { aarch64, host } from '../../targets/index.js';
import { wasmRuntime } from '../../wasm/wasm-runtime.js';
import { expectExactOutputs, kernelsOf as kernelsFor, whyMissing } from '../exactness.fixture.js';
import { convCase, denseCase } from '../layer-cases.fixture.js';

const image = (height: number, width: number, channels: number, batch = 1) =>
  [batch, height, width, channels] as const;

/** Channels around multiples of eight, odd runs, pixels around multiples of four. */
const convolutions = [
  convCase({ image: image(5, 5, 3), outputs: 8, kernel: [3, 3] }),
  convCase({ image: image(1, 1, 1), outputs: 1, kernel: [1, 1] }),
  convCase({ image: image(4, 7, 5), outputs: 9, kernel: [1, 1], zeroPoints: [127, -128] }),
  convCase({ image: image(9, 6, 4), outputs: 17, kernel: [3, 2], strides: [2, 3], padding: 'valid' }),
  convCase({ image: image(8, 8, 16), outputs: 7, kernel: [3, 3], activation: 'relu6', perTensor: true }),
  convCase({ image: image(7, 9, 2), outputs: 12, kernel: [3, 3], dilations: [2, 3], zeroPoints: [-7, 90] }),
  convCase({ image: image(6, 5, 3, 3), outputs: 4, kernel: [4, 3], bias: 2_000_000 }),
].map((run) => [run, 'whittle_conv_2d_s8_simd128'] as const);

const depthwise = [
  convCase({ image: image(6, 5, 8), outputs: 1, kernel: [3, 3] }, true),
  convCase({ image: image(5, 7, 1), outputs: 1, kernel: [2, 5], zeroPoints: [127, 3] }, true),
  convCase({ image: image(8, 8, 13), outputs: 1, kernel: [3, 3], strides: [2, 1], perTensor: true }, true),
  convCase({ image: image(9, 9, 20), outputs: 1, kernel: [2, 2], dilations: [3, 2], padding: 'valid' }, true),
  convCase({ image: image(4, 4, 9, 2), outputs: 1, kernel: [5, 3], activation: 'relu' }, true),
].map((run) => [run, 'whittle_depthwise_conv_2d_s8_simd128'] as const);

const products = [
  denseCase({ rows: 1, inputs: 1, outputs: 1 }),
  denseCase({ rows: 3, inputs: 15, outputs: 5, perTensor: true }),
  denseCase({ rows: 1, inputs: 16, outputs: 4, activation: 'relu' }),
  denseCase({ rows: 2, inputs: 33, outputs: 6, zeroPoints: [-128, 127] }),
].map((run) => [run, 'whittle_fully_connected_s8_simd128'] as const);

const sums = [
  sumCase([1, 3, 8], [1, 3, 8], 0.03, 0.011),
  sumCase([1, 5, 7], [1, 1, 7], 0.02, 0.02),
  sumCase([1, 17], [1], 0.004, 0.3),
  sumCase([2, 4, 1], [1, 4, 9], 0.01, 0.009, true),
].map((run) => [run, 'whittle_add_s8_simd128'] as const);

/** A sum, or a difference, of two inputs. */
function sumCase(a: number[], b: number[], aScale: number, bScale: number, difference = false): RunCase {
  const next = pseudoRandom(a.length + b.length);
  const type = (scale: number, zeroPoint: number) => ({
    scale: Float32Array.of(scale),
    zeroPoint: Int32Array.of(zeroPoint),
  });
  const builder = new ModelBuilder(`${a.join('x')} and ${b.join('x')}`);
  const inputs = [
    builder.input('a', a, { dtype: 'int8', quantization: type(aScale, -5) }),
    builder.input('b', b, { dtype: 'int8', quantization: type(bScale, 77) }),
  ];
  const output = { quantization: [type(1.3 * Math.max(aScale, bScale), -11)] };
  builder.output(builder.node('y', difference ? sub : add, { activation: 'none' }, inputs, output));
  const random = (shape: number[]) => tensor('int8', shape, Int8Array.from({ length: sizeOf(shape) }, next));
  return { model: builder.finish(), inputs: [0, 1, 2].map(() => [random(a), random(b)]) };
}

const all = [...convolutions, ...depthwise, ...products, ...sums];

const vectors = { ...host, features: ['simd128'] } as const;
const runtimes: readonly Runtime[] = [
  wasmRuntime,
  targetRuntime({ ...vectors, name: 'host' }, "this processor's vectors"),
  targetRuntime(
    { ...vectors, name: 'host in plain C', flags: ['-O2', '-U__SSE2__', '-U__ARM_NEON'] },
    'no vectors',
  ),
  targetRuntime({ ...aarch64, name: 'NEON', features: ['simd128'] }, "64-bit Arm's vectors"),
];

for (const runtime of runtimes) {
  const missing = await whyMissing(runtime);
  test.skipIf(missing !== undefined)(
    `layers are exact: ${runtime.name} (${missing ?? 'all there'})`,
    () =>
      expectExactOutputs(
        runtime,
        all.map(([run]) => run),
      ),
    60_000,
  );
}

describe('what the vector kernels cover', () => {
  const kernelsOf = (run: RunCase) => kernelsFor(run, ['simd128']);

  test('is every layer above', async () => {
    for (const [run, kernel] of all) expect(await kernelsOf(run), run.model.name).toContain(kernel);
  });

  test('is not several outputs for each channel, nor a factor below 2^-22', async () => {
    const several = convCase({ image: image(4, 4, 3), outputs: 2, kernel: [3, 3] }, true);
    expect(await kernelsOf(several)).toContain('whittle_depthwise_conv_2d_s8');
    const tiny = sumCase([1, 8], [1, 8], 0.5, 0.4);
    const [result] = tiny.model.nodes[0].outputs;
    const quantization = { scale: Float32Array.of(100), zeroPoint: Int32Array.of(0) };
    const values = new Map(tiny.model.values).set(result, {
      ...tiny.model.values.get(result)!,
      quantization,
    });
    expect(await kernelsOf({ ...tiny, model: { ...tiny.model, values } })).toContain('whittle_add_s8');
  });
});
