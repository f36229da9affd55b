import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LoweringTable, tensor } from '@whittle/core';
import type { RunCase, RuntimeContext } from '@whittle/core';
import { int8Lowerings, int8Runtime } from '@whittle/int8';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { integerNetwork, networkInputs } from '../integer-network.fixture.js';
import { kernelLowerings } from '../lowerings/index.js';
import { present } from '../tools.fixture.js';
import { loadKernels } from './kernel-module.js';
import { buildPrebuilt } from './prebuilt-module.js';
import { wasmRuntime } from './wasm-runtime.js';

const context: RuntimeContext = {
  lowerings: new LoweringTable([...kernelLowerings, ...int8Lowerings]),
  toTflite: () => Promise.reject(new Error('no .tflite is needed')),
};
const cases: RunCase[] = [
  { model: integerNetwork(12), inputs: networkInputs(5, 12) },
  { model: integerNetwork(9, 5, 3), inputs: networkInputs(2, 9) },
];
const missing = process.env.CI ? undefined : await wasmRuntime.unavailable();

describe.skipIf(missing !== undefined)(`the runtime wasm (${missing ?? 'all there'})`, () => {
  test('gives what the integer evaluation gives, and does so again', async () => {
    const expected = await int8Runtime.run(cases, context);
    for (let i = 0; i < 2; i++) {
      const found = await wasmRuntime.run(cases, context);
      expect(found.map(({ outputs }) => outputs)).toEqual(expected.map(({ outputs }) => outputs));
    }
  });

  test('runs row by row where RAM comes first', async () => {
    const found = await wasmRuntime.run(cases, { ...context, options: { optimize: 'ram' } });
    const expected = await int8Runtime.run(cases, context);
    expect(found.map(({ outputs }) => outputs)).toEqual(expected.map(({ outputs }) => outputs));
  });

  test('reports every inference, over all cases', async () => {
    const reports: number[] = [];
    await wasmRuntime.run(cases, { ...context, onInference: (done) => reports.push(done) });
    expect(reports).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('refuses inputs that do not fit, and unknown options', async () => {
    const inputs = [[tensor('int8', [1, 4, 4, 1])]];
    await expect(wasmRuntime.run([{ ...cases[0], inputs }], context)).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    });
    await expect(
      wasmRuntime.run(cases, { ...context, options: { optimize: 'beauty' } }),
    ).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  test('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(wasmRuntime.run(cases, { ...context, signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('kernels that are not prebuilt', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'whittle-kernel-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const kernel = async () => {
    const name = 'other_negate_s8';
    await writeFile(join(folder, `${name}.h`), '#include <stdint.h>\nvoid other_negate_s8(int8_t *x);\n');
    await writeFile(
      join(folder, `${name}.c`),
      '#include "other_negate_s8.h"\nvoid other_negate_s8(int8_t *x) { *x = (int8_t)-*x; }\n',
    );
    return { name, folder: pathToFileURL(`${folder}/`) };
  };

  test.skipIf(!present('clang', 'wasm-ld'))('are compiled (skipped without clang)', async () => {
    const { module } = await loadKernels([await kernel()]);
    expect(module).toBeInstanceOf(
      (globalThis as unknown as { WebAssembly: { Module: new () => object } }).WebAssembly.Module,
    );
  });

  test('are named where there is no compiler', async () => {
    const path = process.env.PATH;
    process.env.PATH = folder;
    try {
      await expect(loadKernels([await kernel()])).rejects.toMatchObject({
        code: 'TARGET_UNAVAILABLE',
        message: expect.stringMatching(/other_negate_s8.*clang is not installed/),
      });
    } finally {
      process.env.PATH = path;
    }
  });
});

test.skipIf(!present('clang', 'wasm-ld'))(
  'the prebuilt module is the same bytes every time (skipped without clang)',
  async () => {
    const [one, two] = [await buildPrebuilt(), await buildPrebuilt()];
    expect(one).toEqual(two);
    expect(one.manifest.kernels).toContain('whittle_conv_2d_s8_simd128');
    expect(one.manifest.kernels.filter((name) => /_(dsp|mve|neon|dotprod|armv6m)/.test(name))).toEqual([]);
  },
  60_000,
);
