import { LoweringTable } from '@whittle/core';
import type { Model } from '@whittle/core';
import { expect, test } from 'vitest';
import { buildProgram } from './build-program.js';
import { kernelLowerings } from './lowerings/index.js';
import { arenaBytesOf } from './program.js';
import { large, randomNetwork } from './random-network.fixture.js';

const lowerings = new LoweringTable(kernelLowerings);
const networks = Array.from({ length: 40 }, (_, i) => randomNetwork(i + 1));

const program = (model: Model, optimize: 'speed' | 'ram' | 'flash') =>
  buildProgram(model, lowerings, { features: [], optimize });

// What comes out is compared in random-networks.test.ts.
test('stripes lower the arena where RAM comes first, and repeat in loops', async () => {
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

test('where speed comes first, stripes save an eighth of the arena, or there are none', async () => {
  let striped = 0;
  for (const model of [8, 21, 37].map((seed) => randomNetwork(seed, large))) {
    const fast = await program(model, 'speed');
    if (!fast.steps.some(({ nodes }) => nodes.length > 1)) continue;
    striped++;
    expect(arenaBytesOf(fast)).toBeLessThan((arenaBytesOf(await program(model, 'flash')) * 7) / 8);
  }
  expect(striped).toBe(2);
});
