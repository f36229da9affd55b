import { averagePool2d, maxPool2d, mean, ModelBuilder, relu, sizeOf, tanh } from '@whittle/core';
import { tensor } from '@whittle/core';
import type { OpDefinition, Quantization, RunCase } from '@whittle/core';
import { expect, test } from 'vitest';
import { pseudoRandom } from '../../integer-network.fixture.js';
import { targetRuntime } from '../../runtimes.js';
import { aarch64 } from '../../targets/index.js';
import { expectExactOutputs, kernelsOf as kernelsFor, whyMissing } from '../exactness.fixture.js';

const runtime = targetRuntime(aarch64, aarch64.description);
const missing = await whyMissing(runtime);

const perTensor = (scale: number, zeroPoint: number): Quantization => ({
  scale: Float32Array.of(scale),
  zeroPoint: Int32Array.of(zeroPoint),
});

/** A model of one op on random bytes, the least and the largest value. */
function opCase<A>(
  op: OpDefinition<A>,
  attributes: A,
  shape: number[],
  input = perTensor(0.1, -3),
  output = input,
): RunCase {
  const builder = new ModelBuilder(`${op.name} of ${shape.join('x')} ${JSON.stringify(attributes)}`);
  const x = builder.input('x', shape, { dtype: 'int8', quantization: input });
  builder.output(builder.node('y', op, attributes, [x], { quantization: [output] }));
  const next = pseudoRandom(sizeOf(shape));
  const inputs = [next, () => -128, () => 127].map((value) => [
    tensor('int8', shape, Int8Array.from({ length: sizeOf(shape) }, value)),
  ]);
  return { model: builder.finish(), inputs };
}

function poolCase(
  op: typeof maxPool2d,
  shape: number[],
  size: [number, number],
  strides = size,
  padding: 'same' | 'valid' = 'valid',
): RunCase {
  return opCase(op, { size, strides, padding, activation: 'none' }, shape);
}

const pools = (op: typeof maxPool2d) => [
  poolCase(op, [1, 2, 2, 16], [2, 2]),
  poolCase(op, [1, 15, 17, 35], [15, 17]),
  poolCase(op, [2, 5, 7, 19], [3, 3], [2, 2], 'same'),
  poolCase(op, [1, 6, 6, 31], [2, 3], [1, 1], 'same'),
];

const pixels = { axes: [1, 2] as [number, ...number[]], keepDims: false };
const means = [
  opCase(mean, pixels, [2, 7, 5, 16]),
  opCase(mean, pixels, [1, 1, 2, 21], perTensor(0.1, 127), perTensor(0.12, -128)),
  opCase(mean, pixels, [1, 30, 20, 40], perTensor(0.1, -128), perTensor(0.11, 5)),
  opCase(mean, { axes: [1], keepDims: true }, [3, 300, 2, 17], perTensor(0.1, 9), perTensor(0.2, 0)),
];

const unary = [
  opCase(tanh, {}, [1, 256], perTensor(0.02, 7), perTensor(1 / 128, 0)),
  opCase(tanh, {}, [1, 3, 31], perTensor(0.03, -7), perTensor(1 / 128, 0)),
  opCase(relu, {}, [1, 3, 37]),
];

const all = [
  ...pools(averagePool2d).map((run) => [run, 'whittle_average_pool_2d_s8_neon'] as const),
  ...pools(maxPool2d).map((run) => [run, 'whittle_max_pool_2d_s8_neon'] as const),
  ...means.map((run) => [run, 'whittle_mean_s8_neon'] as const),
  ...unary.map((run, i) => [run, `whittle_${i < 2 ? 'lookup' : 'clamp'}_s8_neon`] as const),
];

const kernelsOf = (run: RunCase) => kernelsFor(run, aarch64.features);

test.skipIf(missing !== undefined)(
  `pools, means, tables and clamps by NEON are exact (${missing ?? 'all there'})`,
  () =>
    expectExactOutputs(
      runtime,
      all.map(([run]) => run),
    ),
  60_000,
);

test('each of them has its kernel', async () => {
  for (const [run, kernel] of all) expect(await kernelsOf(run), run.model.name).toEqual([kernel]);
});

test('few channels, large windows and a mean over the last axis go to other kernels', async () => {
  for (const run of [
    poolCase(averagePool2d, [1, 16, 16, 16], [16, 16]),
    poolCase(averagePool2d, [1, 4, 4, 7], [2, 2]),
    poolCase(maxPool2d, [1, 4, 4, 15], [2, 2]),
    opCase(mean, pixels, [1, 4, 4, 15]),
    opCase(mean, pixels, [1, 1, 1, 16]),
    opCase(mean, { axes: [3], keepDims: false }, [1, 4, 4, 16]),
  ])
    expect((await kernelsOf(run)).join(), run.model.name).not.toContain('neon');
});
