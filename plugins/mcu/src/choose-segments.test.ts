import { bind, concrete, LoweringTable, sizeOf, tensor, typeOf } from '@whittle/core';
import type { Model, RunCase } from '@whittle/core';
import { int8Plugin, int8Runtime } from '@whittle/int8';
import { describe, expect, test } from 'vitest';
import { buildProgram } from './build-program.js';
import { pseudoRandom } from './integer-network.fixture.js';
import { kernelLowerings } from './lowerings/index.js';
import { arenaBytesOf } from './program.js';
import { randomNetwork } from './random-network.fixture.js';
import { hostRuntime } from './runtimes.js';
import { present } from './tools.fixture.js';

const lowerings = new LoweringTable([...kernelLowerings, ...(int8Plugin.lowerings ?? [])]);
const seeds = Array.from({ length: 40 }, (_, i) => i + 1);
const networks = seeds.map((seed) => bind(randomNetwork(seed), { batch: 1 }));

function runCase(model: Model, seed: number): RunCase {
  const next = pseudoRandom(seed);
  const input = (id: string) => {
    const shape = concrete(typeOf(model, id).shape);
    return tensor('int8', shape, Int8Array.from({ length: sizeOf(shape) }, next));
  };
  return { model, inputs: [1, 2].map(() => model.inputs.map(({ id }) => input(id))) };
}

const program = (model: Model, optimize: 'speed' | 'ram' | 'flash') =>
  buildProgram(model, lowerings, { features: [], optimize });

describe('stripes', () => {
  test('lower the arena where RAM comes first, and repeat in loops', async () => {
    let striped = 0;
    let looped = 0;
    for (const model of networks) {
      const least = await program(model, 'ram');
      const plain = await program(model, 'flash');
      expect(arenaBytesOf(least)).toBeLessThanOrEqual(arenaBytesOf(plain));
      if (least.steps.some(({ nodes }) => nodes.length > 1)) striped++;
      if (least.steps.some(({ blocks }) => blocks.some(({ repeat }) => repeat > 1))) looped++;
    }
    expect(striped).toBeGreaterThan(networks.length / 3);
    expect(looped).toBeGreaterThan(3);
  });

  for (const optimize of ['speed', 'ram', 'flash'] as const)
    test.skipIf(!present('cc'))(
      `change nothing that comes out, for ${optimize} (skipped without cc)`,
      async () => {
        const cases = networks.map((model, i) => runCase(model, i));
        const context = { lowerings, toTflite: () => Promise.reject(new Error('not needed')) };
        const expected = await int8Runtime.run(cases, context);
        const found = await hostRuntime.run(cases, { ...context, options: { optimize } });
        found.forEach(({ outputs }, i) => expect(outputs, `seed ${seeds[i]}`).toEqual(expected[i].outputs));
      },
      120_000,
    );
});
