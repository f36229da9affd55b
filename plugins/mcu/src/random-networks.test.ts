import { bind, concrete, LoweringTable, sizeOf, tensor, typeOf } from '@whittle/core';
import type { Model, RunCase, RunResult } from '@whittle/core';
import { int8Plugin, int8Runtime } from '@whittle/int8';
import { beforeAll, describe, expect, test } from 'vitest';
import { pseudoRandom } from './integer-network.fixture.js';
import { kernelLowerings } from './lowerings/index.js';
import { large, randomNetwork } from './random-network.fixture.js';
import { targetRuntimes } from './runtimes.js';

const lowerings = new LoweringTable([...kernelLowerings, ...(int8Plugin.lowerings ?? [])]);
const context = { lowerings, toTflite: () => Promise.reject(new Error('not needed')) };
const seeds = Array.from({ length: 14 }, (_, i) => 1001 + i);
const cases = [
  ...seeds.map((seed) => runCase(randomNetwork(seed), seed)),
  ...seeds.slice(0, 6).map((seed) => runCase(randomNetwork(seed, large), seed)),
  ...seeds.slice(0, 8).map((seed) => runCase(randomNetwork(seed, undefined, 'int16'), seed)),
];

function runCase(network: Model, seed: number): RunCase {
  const model = bind(network, { batch: 1 });
  const next = pseudoRandom(seed);
  const input = (id: string) => {
    const { dtype, shape } = typeOf(model, id);
    const values = Array.from({ length: sizeOf(concrete(shape)) }, () =>
      dtype === 'int8' ? next() : 256 * next() + next() + 128,
    );
    return tensor(dtype, concrete(shape), values);
  };
  return { model, inputs: [1, 2].map(() => model.inputs.map(({ id }) => input(id))) };
}

let expected: RunResult[];
beforeAll(async () => void (expected = await int8Runtime.run(cases, context)));

/** Whole networks: results in place, overlapping, in stripes. */
for (const runtime of targetRuntimes) {
  const missing = process.env.CI ? undefined : await runtime.unavailable();
  describe.skipIf(missing)(
    `random networks on ${runtime.name}${missing ? ` (skipped: ${missing})` : ''}`,
    () => {
      for (const optimize of ['speed', 'ram', 'flash'] as const)
        test(`equal integer evaluation, optimized for ${optimize}`, async () => {
          const found = await runtime.run(cases, { ...context, options: { optimize } });
          found.forEach(({ outputs }, i) =>
            expect(outputs, cases[i].model.name).toEqual(expected[i].outputs),
          );
        }, 300_000);
    },
  );
}
