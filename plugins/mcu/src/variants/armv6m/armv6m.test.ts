import { add, ModelBuilder, sizeOf, sub, tensor } from '@whittle/core';
import type { RunCase } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { pseudoRandom } from '../../integer-network.fixture.js';
import { targetRuntime } from '../../runtimes.js';
import { cortexM0plus } from '../../targets/cortex-m0plus.js';
import {
  expectExactOutputs,
  kernelsOf as kernelsFor,
  whyMissing,
  withoutLeast,
} from '../exactness.fixture.js';
import { convCase, denseCase } from '../layer-cases.fixture.js';
import type { ConvShape, DenseShape } from '../layer-cases.fixture.js';

const runtime = targetRuntime(cortexM0plus, 'the C project, emulated');
async function kernelsOf(run: RunCase): Promise<string> {
  return (await kernelsFor(run, ['armv6m'])).join(' ');
}

/** Expects that each case uses the kernel, and that the emulated core gives what the integer evaluation gives. */
async function expectExact(
  cases: readonly RunCase[],
  kernel: RegExp,
  optimize: 'speed' | 'ram' = 'speed',
): Promise<void> {
  for (const each of cases) expect(await kernelsOf(each), each.model.name).toMatch(kernel);
  await expectExactOutputs(runtime, cases, optimize);
}

/** Beyond 2^21 an accumulator takes the long form of the output stage, beyond 2^25 none holds it. */
const longBias = 4_000_000;
const excessiveBias = 90_000_000;

/** By rows or by windows, whichever is faster. */
const shapes: readonly ConvShape[] = [
  { image: [1, 9, 9, 16], outputs: 6, kernel: [3, 3], activation: 'relu' },
  { image: [2, 5, 8, 11], outputs: 4, kernel: [3, 3], zeroPoints: [3, -4], perTensor: true },
  { image: [1, 11, 10, 12], outputs: 7, kernel: [3, 2], strides: [2, 2], zeroPoints: [-128, -128] },
  { image: [1, 7, 24, 16], outputs: 3, kernel: [1, 5], strides: [1, 3], zeroPoints: [127, 5] },
  { image: [1, 12, 7, 20], outputs: 4, kernel: [4, 3], dilations: [2, 1], padding: 'valid' },
  { image: [1, 8, 12, 9], outputs: 4, kernel: [3, 3], zeroPoints: [0, 0], bias: longBias },
  { image: [1, 5, 5, 64], outputs: 8, kernel: [1, 1], activation: 'relu' },
  { image: [1, 9, 7, 24], outputs: 5, kernel: [1, 1], strides: [2, 3], zeroPoints: [-9, 12] },
  { image: [2, 12, 9, 1], outputs: 4, kernel: [10, 4], strides: [2, 2], zeroPoints: [83, -128] },
  { image: [1, 8, 9, 3], outputs: 6, kernel: [3, 3], zeroPoints: [-1, 6], activation: 'relu6' },
  { image: [1, 7, 9, 8], outputs: 4, kernel: [3, 3], dilations: [2, 3], zeroPoints: [20, -128] },
  { image: [1, 1, 1, 33], outputs: 2, kernel: [1, 1], bias: longBias, zeroPoints: [5, -128] },
];

const depthwise: readonly ConvShape[] = [
  { image: [1, 9, 5, 8], outputs: 1, kernel: [3, 3], activation: 'relu' },
  { image: [2, 8, 8, 3], outputs: 2, kernel: [3, 3], strides: [2, 2], zeroPoints: [7, -3] },
  { image: [1, 1, 13, 4], outputs: 1, kernel: [1, 4], zeroPoints: [-20, 127], perTensor: true },
  { image: [1, 10, 6, 2], outputs: 3, kernel: [5, 2], dilations: [2, 1], bias: longBias },
  { image: [1, 40, 40, 2], outputs: 1, kernel: [7, 7], zeroPoints: [0, -128] },
  { image: [1, 3, 1, 5], outputs: 1, kernel: [3, 1], strides: [1, 2], zeroPoints: [127, -128] },
];

const denses: readonly DenseShape[] = [
  { rows: 1, inputs: 640, outputs: 9 },
  { rows: 3, inputs: 40, outputs: 12, perTensor: true, zeroPoints: [89, -128], activation: 'relu' },
  { rows: 1, inputs: 61, outputs: 5, activation: 'relu6' },
  { rows: 2, inputs: 8, outputs: 128, zeroPoints: [-128, -128] },
  { rows: 1, inputs: 104, outputs: 4, bias: longBias },
];

const convolutions = (list: readonly ConvShape[], deep = false) =>
  list.map((shape, i) => withoutLeast(convCase(shape, deep, i + 1)));

/** The case with smaller weights, of which more go together before sums are taken apart. */
function withSmallWeights(run: RunCase): RunCase {
  const values = run.model.parameters.get('weight')!.tensor.data as Int8Array;
  values.forEach((value, i) => (values[i] = i % 50 === 0 ? Math.max(value, -127) : Math.trunc(value / 16)));
  return run;
}

/** A sum or difference of two inputs of the given scales and shapes. */
function sumCase(
  op: typeof add,
  shapes: readonly [number[], number[]],
  scales: readonly [number, number, number],
): RunCase {
  const next = pseudoRandom(Math.floor(scales[0] * 1000));
  const typed = (i: number) => ({ scale: Float32Array.of(scales[i]), zeroPoint: Int32Array.of(next()) });
  const builder = new ModelBuilder(`${op.name} ${JSON.stringify(shapes)} ${scales.join(' ')}`);
  const inputs = shapes.map((shape, i) =>
    builder.input(`x${i}`, shape, { dtype: 'int8', quantization: typed(i) }),
  );
  builder.output(builder.node('y', op, { activation: 'none' }, inputs, { quantization: [typed(2)] }));
  const run = () =>
    shapes.map((shape) => tensor('int8', shape, Int8Array.from({ length: sizeOf(shape) }, next)));
  return { model: builder.finish(), inputs: [run(), run()] };
}

const missing = await whyMissing(runtime);

describe.skipIf(missing !== undefined)(`on a Cortex-M0+ (${missing ?? 'all there'})`, () => {
  for (const optimize of ['speed', 'ram'] as const)
    test(`convolutions are exact, for ${optimize}`, () =>
      expectExact(convolutions(shapes), /whittle_conv_pair_s8_armv6m/, optimize));

  test('so are those of small weights', () =>
    expectExact(
      shapes.map((shape, i) => withSmallWeights(convCase(shape, false, i + 20))),
      /whittle_conv_pair_s8_armv6m/,
    ));

  for (const optimize of ['speed', 'ram'] as const)
    test(`depthwise convolutions are exact, for ${optimize}`, () =>
      expectExact(convolutions(depthwise, true), /whittle_depthwise_plane_s8_armv6m_/, optimize));

  test('fully connected layers are exact', () =>
    expectExact(
      denses.flatMap((shape, i) => [
        withoutLeast(denseCase(shape, i + 1)),
        withSmallWeights(denseCase(shape, i + 20)),
      ]),
      /whittle_dense_quad_s8_armv6m/,
    ));

  test('sums and differences are exact, where rounding shows too', () => {
    const whole: [number[], number[]] = [
      [1, 4, 500],
      [1, 4, 500],
    ];
    const cases = [
      sumCase(add, whole, [0.04, 0.04, 0.08]),
      sumCase(sub, whole, [0.05, 0.025, 0.05]),
      sumCase(add, whole, [0.06, 0.0123, 0.041]),
      sumCase(add, [[1, 3, 1], [1, 3, 70]], [0.02, 0.07, 0.09]), // prettier-ignore
      sumCase(sub, [[1, 5, 60], [1, 1, 60]], [0.03, 0.01, 0.05]), // prettier-ignore
    ];
    return expectExact(cases, /whittle_add_line_s8_armv6m/);
  });
});

test('convolutions go by rows where windows overlap, else by windows', async () => {
  const image: ConvShape['image'] = [1, 16, 16, 16];
  const large = convCase({ image, outputs: 16, kernel: [3, 3] });
  expect(await kernelsOf(withoutLeast(large))).toContain('whittle_conv_2d_rows_s8_armv6m');
  const apart = convCase({ image, outputs: 16, kernel: [1, 1], strides: [2, 2] });
  expect(await kernelsOf(withoutLeast(apart))).toContain('whittle_conv_2d_windows_s8_armv6m');
});

test('what the kernels do not cover is left to portable C', async () => {
  const image: ConvShape['image'] = [1, 6, 6, 8];
  const wide = convCase({ image, outputs: 2, kernel: [3, 3], bias: excessiveBias });
  expect(await kernelsOf(wide)).not.toContain('armv6m');
  const large = convCase({ image, outputs: 2, kernel: [1, 1] });
  (large.model.parameters.get('weight')!.tensor.data as Int8Array).fill(-128);
  expect(await kernelsOf(large)).not.toContain('armv6m');
  const dilated = convCase({ image, outputs: 1, kernel: [3, 3], dilations: [1, 2] }, true);
  expect(await kernelsOf(dilated)).not.toContain('armv6m');
  const few = denseCase({ rows: 1, inputs: 9, outputs: 400 });
  expect(await kernelsOf(few)).not.toContain('armv6m');
});
