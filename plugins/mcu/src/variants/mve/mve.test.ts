import { LoweringTable } from '@whittle/core';
import type { RunCase, RunResult, RuntimeContext } from '@whittle/core';
import { int8Lowerings, int8Runtime } from '@whittle/int8';
import { expect, test } from 'vitest';
import { buildProgram } from '../../build-program.js';
import { kernelLowerings } from '../../lowerings/index.js';
import { targetRuntime } from '../../runtimes.js';
import { cortexM55 } from '../../targets/index.js';
import { convCase, denseCase } from '../layer-cases.fixture.js';

const runtime = targetRuntime(cortexM55, 'Cortex-M55');
const missing = process.env.CI ? undefined : await runtime.unavailable();
const lowerings = new LoweringTable([...kernelLowerings, ...int8Lowerings]);
const context: RuntimeContext = {
  lowerings,
  toTflite: () => Promise.reject(new Error('no .tflite is needed')),
};

/** Kernels that a case's program calls or passes on. */
async function kernelsOf({ model }: RunCase): Promise<string[]> {
  const program = await buildProgram(model, lowerings, { features: ['mve'], optimize: 'speed' });
  return program.kernels.map(({ name }) => name);
}

async function expectExact(cases: readonly RunCase[]): Promise<void> {
  const found = await runtime.run(cases, context);
  const expected = await int8Runtime.run(cases, context);
  const data = ({ outputs }: RunResult) => outputs.map(([{ data }]) => data);
  cases.forEach(({ model }, i) => {
    expect(data(expected[i])).toHaveLength(2);
    expect(data(found[i]), model.name).toEqual(data(expected[i]));
  });
}

/** Rows of tiles: depths and strides, odd channels and widths, far pixels, wide biases, saturation, padding all around. */
const rows = [
  convCase({ image: [1, 1, 4, 16], outputs: 2, kernel: [1, 1], zeroPoints: [0, 0] }),
  convCase({ image: [1, 5, 7, 16], outputs: 7, kernel: [3, 3], zeroPoints: [3, 4] }),
  convCase({ image: [1, 5, 7, 16], outputs: 1, kernel: [3, 3], zeroPoints: [3, 4], perTensor: true }),
  convCase({ image: [1, 5, 7, 16], outputs: 5, kernel: [3, 3], bias: 2e7 }),
  convCase({
    image: [1, 6, 9, 16],
    outputs: 6,
    kernel: [2, 3],
    bias: 2e7,
    padding: 'valid',
    zeroPoints: [127, 127],
  }),
  convCase({ image: [2, 9, 12, 48], outputs: 4, kernel: [2, 3], strides: [2, 2] }),
  convCase({ image: [1, 12, 13, 32], outputs: 4, kernel: [3, 3], dilations: [2, 3], activation: 'relu6' }),
  convCase({ image: [1, 12, 13, 32], outputs: 4, kernel: [3, 2], strides: [3, 3], padding: 'valid' }),
  convCase({ image: [1, 5, 7, 96], outputs: 5, kernel: [3, 3], zeroPoints: [9, -1] }),
  convCase({ image: [1, 4, 5, 128], outputs: 4, kernel: [3, 3] }),
  convCase({ image: [1, 5, 7, 3], outputs: 5, kernel: [1, 1], zeroPoints: [-5, 6] }),
  convCase({ image: [1, 5, 7, 19], outputs: 6, kernel: [1, 1] }),
  convCase({ image: [1, 5, 7, 40], outputs: 6, kernel: [1, 1] }),
  convCase({ image: [2, 5, 7, 144], outputs: 5, kernel: [1, 1], zeroPoints: [-5, 6] }),
  convCase({ image: [1, 3, 5, 380], outputs: 5, kernel: [1, 1] }),
  convCase({ image: [1, 3, 5, 512], outputs: 6, kernel: [1, 1] }),
  convCase({ image: [1, 3, 5, 518], outputs: 5, kernel: [1, 1], zeroPoints: [3, 9] }),
  convCase({ image: [1, 3, 5, 1024], outputs: 3, kernel: [1, 1], bias: 2e7 }),
  convCase({ image: [1, 9, 9, 24], outputs: 6, kernel: [1, 1], strides: [2, 2] }),
];

/** Patches: few channels, large and dilated windows, few outputs. */
const patches = [
  convCase({ image: [1, 8, 8, 3], outputs: 8, kernel: [3, 3], strides: [2, 2] }),
  convCase({ image: [1, 13, 10, 1], outputs: 6, kernel: [10, 4], strides: [2, 2], zeroPoints: [83, -128] }),
  convCase({ image: [1, 12, 13, 6], outputs: 4, kernel: [3, 2], strides: [3, 2], zeroPoints: [7, -100] }),
  convCase({ image: [2, 7, 6, 5], outputs: 3, kernel: [5, 4], dilations: [2, 3], zeroPoints: [7, -100] }),
  convCase({ image: [1, 6, 6, 3], outputs: 6, kernel: [5, 5], strides: [2, 2], zeroPoints: [9, 9] }),
  convCase({ image: [1, 3, 3, 64], outputs: 8, kernel: [3, 3] }),
  convCase({ image: [2, 2, 3, 8], outputs: 8, kernel: [3, 3], bias: 2e7 }),
];

const depthwise = [
  convCase({ image: [1, 25, 5, 8], outputs: 1, kernel: [3, 3] }, true),
  convCase({ image: [2, 9, 7, 8], outputs: 1, kernel: [3, 3], zeroPoints: [7, 3] }, true),
  convCase({ image: [2, 6, 7, 8], outputs: 1, kernel: [3, 3], zeroPoints: [7, 3] }, true),
  convCase({ image: [1, 20, 22, 12], outputs: 1, kernel: [3, 3], zeroPoints: [7, 3] }, true),
  convCase({ image: [1, 15, 17, 8], outputs: 1, kernel: [3, 3], strides: [2, 2], bias: 2e7 }, true),
  convCase({ image: [1, 30, 12, 4], outputs: 1, kernel: [3, 3], strides: [2, 2], padding: 'valid' }, true),
  convCase({ image: [1, 15, 17, 4], outputs: 1, kernel: [1, 4], strides: [3, 1], activation: 'relu6' }, true),
  convCase({ image: [1, 15, 1, 4], outputs: 1, kernel: [3, 1], zeroPoints: [0, 0] }, true),
  convCase({ image: [1, 5, 2, 4], outputs: 1, kernel: [2, 2], perTensor: true }, true),
  convCase({ image: [1, 17, 4, 4], outputs: 1, kernel: [4, 4], strides: [4, 3] }, true),
];

const denseLayers = [
  denseCase({ rows: 1, inputs: 640, outputs: 16 }),
  denseCase({ rows: 1, inputs: 64, outputs: 10, perTensor: true, activation: 'relu' }),
  denseCase({ rows: 3, inputs: 8, outputs: 24 }),
  denseCase({ rows: 2, inputs: 33, outputs: 15, bias: 2e7 }),
  denseCase({ rows: 1, inputs: 1, outputs: 1, perTensor: true }),
  denseCase({ rows: 1, inputs: 300, outputs: 7, zeroPoints: [-128, 127] }),
  convCase({ image: [2, 1, 1, 40], outputs: 9, kernel: [1, 1], zeroPoints: [3, 4] }),
  convCase({ image: [1, 3, 4, 5], outputs: 9, kernel: [3, 4], padding: 'valid', zeroPoints: [3, 4] }),
];

test.skipIf(missing !== undefined)(
  `on the Cortex-M55 layers of the shapes that Helium's kernels tell apart are exact (skipped without it: ${missing})`,
  { timeout: 120_000 },
  () => expectExact([...rows, ...patches, ...depthwise, ...denseLayers]),
);

test('these layers are run by the kernels that they are meant for', async () => {
  for (const each of rows) expect(await kernelsOf(each), each.model.name).toContain('whittle_conv_2d_s8_mve');
  for (const each of patches)
    expect(await kernelsOf(each), each.model.name).toContain('whittle_conv_patches_s8_mve');
  for (const each of depthwise)
    expect(await kernelsOf(each), each.model.name).toContain('whittle_depthwise_conv_2d_s8_mve');
  for (const each of denseLayers)
    expect(await kernelsOf(each), each.model.name).toContain('whittle_fully_connected_s8_mve');
});
