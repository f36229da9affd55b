import { LoweringTable, tensor } from '@whittle/core';
import type { RunCase, RuntimeContext } from '@whittle/core';
import { int8Lowerings, int8Runtime } from '@whittle/int8';
import { describe, expect, test } from 'vitest';
import { integerNetwork, networkInputs } from './integer-network.fixture.js';
import { kernelLowerings } from './lowerings/index.js';
import { cortexM4Runtime, hostRuntime, targetRuntime } from './runtimes.js';
import { host } from './targets/index.js';
import { present } from './tools.fixture.js';

const context: RuntimeContext = {
  lowerings: new LoweringTable([...kernelLowerings, ...int8Lowerings]),
  toTflite: () => Promise.reject(new Error('no .tflite is needed')),
};
const cases: RunCase[] = [
  { model: integerNetwork(12), inputs: networkInputs(5, 12) },
  { model: integerNetwork(9, 5, 3), inputs: networkInputs(2, 9) },
];

describe.skipIf(!present('cc'))('host (skipped without cc)', () => {
  test('runs several models on several inputs as the integer evaluation does', async () => {
    const results = await hostRuntime.run(cases, context);
    const expected = await int8Runtime.run(cases, context);
    const data = (all: typeof results) => all.map(({ outputs }) => outputs.map(([{ data }]) => data));
    expect(data(results).map(({ length }) => length)).toEqual([5, 2]);
    expect(data(results)).toEqual(data(expected));
    expect(results[0].cost).toBeUndefined();
  });

  test('reports inferences as they are complete, over all cases', async () => {
    const reports: number[] = [];
    const inputs = Array.from({ length: 4000 }, () => networkInputs(1, 9)[0]);
    const onInference = (done: number) => reports.push(done);
    const many = [cases[0], { ...cases[1], inputs }];
    await hostRuntime.run(many, { ...context, onInference });
    expect(reports.at(-1)).toBe(4005);
    expect(reports).toEqual([...new Set(reports)].sort((a, b) => a - b));
  });

  test('refuses inputs that do not fit', async () => {
    const inputs = [[tensor('int8', [1, 4, 4, 1])]];
    await expect(hostRuntime.run([{ ...cases[0], inputs }], context)).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    });
  });

  test('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(hostRuntime.run(cases, { ...context, signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

test('a missing compiler is a reason, and an error', async () => {
  const runtime = targetRuntime({ ...host, compiler: 'whittle-no-such-cc' }, 'nothing');
  expect(await runtime.unavailable()).toContain('whittle-no-such-cc is not installed');
  await expect(runtime.run(cases, context)).rejects.toMatchObject({ code: 'TARGET_UNAVAILABLE' });
});

const missing = process.env.CI ? undefined : await cortexM4Runtime.unavailable();

describe.skipIf(missing !== undefined)(`cortex-m4 (${missing ?? 'all there'})`, () => {
  test('gives what the host gives, and costs that repeat', async () => {
    const reports: number[] = [];
    const onInference = (done: number) => reports.push(done);
    const results = await cortexM4Runtime.run(cases, { ...context, onInference });
    expect(reports.at(-1)).toBe(7);
    expect(reports).toEqual([...new Set(reports)].sort((a, b) => a - b));
    const expected = await hostRuntime.run(cases, context);
    expect(results.map(({ outputs }) => outputs)).toEqual(expected.map(({ outputs }) => outputs));
    const [large, small] = results.map(({ cost }) => cost!);
    expect(large.instructions).toBeGreaterThan(small.instructions);
    expect(small.instructions).toBeGreaterThan(10_000);
    expect(large.stackBytes).toBeGreaterThan(100);
    expect(large.stackBytes).toBeLessThan(2000);
    expect(large.flashBytes).toBeGreaterThan(4000);
    expect(large.flashBytes).toBeLessThan(12_000);
    expect(large.scratchBytes).toBe(0);
    const again = await cortexM4Runtime.run([cases[1]], context);
    expect(again[0].cost).toEqual(small);
  });
});
