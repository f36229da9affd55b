import type { RunCase } from '@whittle/core';
import { expect, test } from 'vitest';
import { targetRuntime } from '../../runtimes.js';
import { aarch64Dotprod } from '../../targets/index.js';
import { expectExactOutputs, kernelsOf as kernelsFor, whyMissing } from '../exactness.fixture.js';
import { convCase } from '../layer-cases.fixture.js';

const runtime = targetRuntime(aarch64Dotprod, aarch64Dotprod.description);
const missing = await whyMissing(runtime);

const kernel = 'whittle_depthwise_3x3_s8_dotprod';

/** Rows and columns around the pairs and turns of the loop, channels around multiples of 8, strips, zero points, clamps. */
const cases = [
  convCase({ image: [1, 1, 1, 8], outputs: 1, kernel: [3, 3] }, true),
  convCase({ image: [1, 3, 3, 9], outputs: 1, kernel: [3, 3], padding: 'valid' }, true),
  convCase({ image: [1, 4, 5, 16], outputs: 1, kernel: [3, 3], padding: 'valid', zeroPoints: [7, 3] }, true),
  convCase({ image: [2, 5, 2, 23], outputs: 1, kernel: [3, 3], zeroPoints: [-1, -127] }, true),
  convCase({ image: [3, 2, 3, 15], outputs: 1, kernel: [3, 3], zeroPoints: [127, 127] }, true),
  convCase({ image: [1, 25, 5, 64], outputs: 1, kernel: [3, 3], perTensor: true }, true),
  convCase({ image: [1, 31, 33, 24], outputs: 1, kernel: [3, 3], zeroPoints: [60, -128] }, true),
  convCase({ image: [1, 9, 7, 40], outputs: 1, kernel: [3, 3], activation: 'relu6', bias: 2e7 }, true),
];

const kernelsOf = (run: RunCase) => kernelsFor(run, aarch64Dotprod.features);

test.skipIf(missing !== undefined)(
  `depthwise convolutions with SDOT are exact (${missing ?? 'all there'})`,
  () => expectExactOutputs(runtime, cases),
  60_000,
);

test('windows of 3 x 3 without stride or dilation are covered, from 8 channels on', async () => {
  for (const run of cases) expect(await kernelsOf(run), run.model.name).toContain(kernel);
  for (const shape of [
    { image: [1, 4, 4, 7], outputs: 1, kernel: [3, 3] },
    { image: [1, 4, 4, 16], outputs: 2, kernel: [3, 3] },
    { image: [1, 4, 4, 16], outputs: 1, kernel: [3, 2] },
    { image: [1, 4, 4, 16], outputs: 1, kernel: [3, 3], strides: [1, 2] as [number, number] },
    { image: [1, 4, 4, 16], outputs: 1, kernel: [3, 3], dilations: [2, 1] as [number, number] },
  ] as const)
    expect(await kernelsOf(convCase(shape, true)), JSON.stringify(shape)).not.toContain(kernel);
});
