import { describe, expect, test } from 'vitest';
import { channelGroups, createRandom } from '@whittle/core';
import type { Model } from '@whittle/core';
import { resnet8 } from '@whittle/zoo';
import { pruneRanked } from './prune-ranked.js';
import { pruningOptions } from './pruning-options.js';
import type { RankedGroup } from './ranked-group.js';

const model = resnet8();
const context = { log: () => {}, signal: new AbortController().signal };

function rank(model: Model, seed = 1): RankedGroup[] {
  const random = createRandom(seed).at('importance');
  return channelGroups(model).groups.map((group) => ({
    group,
    importance: Float64Array.from(group.channels, () => random.float()),
  }));
}

const prune = (options: Parameters<typeof pruningOptions.parse>[0]) =>
  pruneRanked(model, rank(model), pruningOptions.parse(options), context);

describe('uniform', () => {
  test.each([0.25, 0.5, 0.3])(
    'each group loses its least important channels, %d of them',
    async (uniform) => {
      const { report } = await prune({ uniform, absorb: 'bias' });
      for (const { before, after } of report.groups)
        expect(after).toBe(before - Math.floor(before * uniform));
    },
  );

  test('nothing is the same model', async () => {
    expect((await prune({ uniform: 0 })).model).toBe(model);
  });
});

describe('limits by name', () => {
  test('count for the groups that fit, the last one of several', async () => {
    const names = channelGroups(model).groups.map(({ name }) => name);
    const limits = { '*': { cap: 0.5 }, [names[0]]: { floor: 13, cap: 1 }, [names[1]]: { multiple: 8 } };
    const { report } = await prune({ uniform: 0.9, limits });
    const [first, second, ...rest] = report.groups;
    expect(first.after).toBe(13);
    expect(second.after % 8).toBe(0);
    for (const { before, after } of rest) expect(after).toBe(Math.ceil(before / 2));
  });

  test('and groups that are kept out keep all', async () => {
    const { report, model: pruned } = await prune({ ratio: 0.9, exclude: ['conv1*'] });
    expect(report.groups.some(({ name }) => name.startsWith('conv1'))).toBe(false);
    const sizes = (each: Model) =>
      channelGroups(each)
        .groups.filter(({ name }) => name.startsWith('conv1'))
        .map(({ channels }) => channels.length);
    expect(sizes(pruned)).toEqual(sizes(model));
    expect(sizes(model).length).toBeGreaterThan(0);
  });

  test.each(['exclude', 'limits'] as const)('a name in %s that fits no group is refused', async (option) => {
    await expect(
      prune({ ratio: 0.5, [option]: option === 'exclude' ? ['nowhere*'] : { 'nowhere*': {} } }),
    ).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringMatching(new RegExp(`'${option}'.*'nowhere\\*'.*conv1`)) as string,
    });
  });
});

test.each([{}, { ratio: 0.5, uniform: 0.5 }, { ratio: 2 }, { uniform: 0.5, limits: { a: { roof: 1 } } }])(
  'options %j are refused',
  (options) => {
    expect(pruningOptions.safeParse(options).success).toBe(false);
  },
);

test('the report tells what the model costs', async () => {
  const { report } = await prune({ ratio: 0.5 });
  expect(report.cost.before.bytes).toBe(4 * report.cost.before.parameters);
  expect(report.cost.after.macs).toBeLessThan(report.cost.before.macs);
  expect(report.threshold).toBeGreaterThan(0);
});
