import { describe, expect, test } from 'vitest';
import { channelGroups, createRandom, modelBytes, modelCost } from '@whittle/core';
import type { Model } from '@whittle/core';
import { digitsNet, resnet8 } from '@whittle/zoo';
import { pruneRanked } from './prune-ranked.js';
import { pruningOptions } from './pruning-options.js';

const context = { log: () => {}, signal: new AbortController().signal };

function prune(model: Model, options: Parameters<typeof pruningOptions.parse>[0], seed = 1) {
  const random = createRandom(seed).at('importance');
  const ranked = channelGroups(model).groups.map((group) => ({
    group,
    importance: Float64Array.from(group.channels, () => random.float()),
  }));
  return pruneRanked(model, ranked, pruningOptions.parse(options), context);
}

const figures = {
  macs: (model: Model) => modelCost(model).macs,
  parameters: (model: Model) => modelCost(model).parameters,
  bytes: (model: Model) => modelBytes(model),
  'int8-bytes': (model: Model) => modelBytes(model, 8),
};

describe.each(Object.keys(figures) as (keyof typeof figures)[])('a budget of %s', (of) => {
  test.each([0.3, 0.7])('%d of the model is met, and nearly used up', async (share) => {
    for (const model of [digitsNet(), resnet8()])
      for (const spread of ['global', 'uniform'] as const) {
        const before = figures[of](model);
        const { model: pruned, report } = await prune(model, { budget: { of, share, spread } });
        const after = figures[of](pruned);
        expect(after).toBeLessThanOrEqual(share * before);
        expect(after).toBeGreaterThan((share - 0.06) * before);
        expect(report.budget).toMatchObject({ before, after, limit: share * before });
      }
  });

  test('that can not be reached is an error that says the least', async () => {
    const model = digitsNet();
    const { model: least } = await prune(model, { ratio: 1, cap: 0.5 });
    const found = figures[of](least);
    await expect(prune(model, { budget: { of, atMost: found - 1 }, cap: 0.5 })).rejects.toMatchObject({
      code: 'BUDGET_UNREACHABLE',
      message: expect.stringContaining(` ${found} at least`) as string,
    });
    const met = await prune(model, { budget: { of, atMost: found }, cap: 0.5 });
    expect(figures[of](met.model)).toBe(found);
  });
});

test('limits hold under a budget', async () => {
  const { report } = await prune(digitsNet(), {
    budget: { of: 'macs', share: 0.3 },
    multiple: 4,
    floor: 8,
    absorb: 'bias',
  });
  for (const { after } of report.groups) {
    expect(after % 4).toBe(0);
    expect(after).toBeGreaterThanOrEqual(8);
  }
});

test('one channel less would be over it', async () => {
  const model = digitsNet();
  const options = { budget: { of: 'macs', share: 0.5 } } as const;
  const { model: pruned, report } = await prune(model, options);
  const total = report.groups.reduce((sum, { before }) => sum + before, 0);
  const more = [];
  for (let count = 0; count <= total; count++) {
    const { macs } = modelCost((await prune(model, { ratio: Math.min(1, (count + 0.5) / total) })).model);
    if (macs <= 0.5 * modelCost(model).macs) more.push(macs);
  }
  expect(modelCost(pruned).macs).toBe(Math.max(...more));
});

test('what a function measures, in few measurements', async () => {
  const model = resnet8();
  let calls = 0;
  const measure = {
    name: 'latency',
    unit: 'ms',
    of: (each: Model) => {
      calls++;
      return Promise.resolve(1 + modelCost(each).macs / 1e6);
    },
  };
  const { report } = await prune(model, { budget: { of: measure, share: 0.6 } });
  const { before, after, limit, name, unit, measurements } = report.budget!;
  expect({ name, unit, limit, measurements }).toEqual({
    name: 'latency',
    unit: 'ms',
    limit: 0.6 * before,
    measurements: calls,
  });
  expect(after).toBeLessThanOrEqual(limit);
  expect(after).toBeGreaterThan(0.97 * limit);
  expect(calls).toBeLessThanOrEqual(9);
});

test('a model that is within its budget stays as it is', async () => {
  const model = digitsNet();
  expect((await prune(model, { budget: { of: 'macs', share: 1 } })).model).toBe(model);
});

test.each([
  { of: 'macs' },
  { of: 'macs', share: 0.5, atMost: 5 },
  { of: 'flops', share: 0.5 },
  { of: { name: 'x' }, share: 0.5 },
  { of: 'macs', share: 1.5 },
])('the budget %j is refused', (budget) => {
  expect(pruningOptions.safeParse({ budget }).success).toBe(false);
});
