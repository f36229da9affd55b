import { expect, test } from 'vitest';
import { channelGroups, createRandom, float32, modelCost, patch, runPipeline, tensor } from '@whittle/core';
import type { Model } from '@whittle/core';
import { selectChannels } from '@whittle/channel-pruning';
import { lenet5, resnet8 } from '@whittle/zoo';
import { rankChannels, scaleIds } from './importance.js';
import { pruneChannels } from './prune-channels.js';

const limits = { floor: 1, cap: 1, multiple: 1 };

/** ResNet-8 with scales drawn from 0 to 1. */
function scaledResnet(): Model {
  const random = createRandom(5).at('scales');
  const model = resnet8();
  return patch(model, (edit) => {
    for (const id of scaleIds(model)) {
      const shape = model.parameters.get(id)?.tensor.shape ?? [];
      edit.setParameter(id, {
        tensor: tensor(
          'float32',
          shape,
          Array.from({ length: shape[0] }, () => random.float()),
        ),
      });
    }
  });
}

test('one global threshold takes the smallest scales of the whole network', () => {
  const model = scaledResnet();
  const ranked = rankChannels(model, channelGroups(model).groups);
  const total = ranked.reduce((sum, r) => sum + r.importance.length, 0);
  const { threshold, removals } = selectChannels(ranked, 0.4, limits);
  const gone = removals.flatMap(({ group, channels }) => {
    const { importance } = ranked.find((r) => r.group === group) ?? { importance: new Float64Array() };
    return channels.map((c) => importance[c]);
  });
  expect(gone.length).toBe(Math.floor(total * 0.4));
  expect(Math.max(...gone)).toBe(threshold);
});

test('equal scales lose as many as asked for, spread over the groups', () => {
  const model = resnet8();
  const ranked = rankChannels(model, channelGroups(model).groups);
  const { removals } = selectChannels(ranked, 0.25, limits);
  const total = ranked.reduce((sum, r) => sum + r.importance.length, 0);
  expect(removals.reduce((sum, r) => sum + r.channels.length, 0)).toBe(Math.floor(total * 0.25));
  for (const { group, channels } of removals)
    expect(channels.length).toBeLessThanOrEqual(Math.ceil(group.channels.length / 4) + 1);
});

test('limits give channels back', () => {
  const model = scaledResnet();
  const ranked = rankChannels(model, channelGroups(model).groups);
  for (const [limit, least] of [
    [{ ...limits, floor: 3 }, 3],
    [{ ...limits, cap: 0.5 }, 8],
    [{ ...limits, multiple: 4 }, 4],
  ] as const) {
    const { removals } = selectChannels(ranked, 1, limit);
    for (const { group, channels } of removals) {
      const kept = group.channels.length - channels.length;
      expect(kept).toBeGreaterThanOrEqual(least);
      if (limit.multiple > 1) expect(kept % limit.multiple).toBe(0);
    }
  }
});

test('the pass removes channels for real, and reports them', async () => {
  const model = scaledResnet();
  const { model: pruned, passes } = await runPipeline(model, [pruneChannels({ ratio: 0.5 })]);
  expect(modelCost(pruned).macs).toBeLessThan(0.5 * modelCost(model).macs);
  expect(modelCost(pruned).parameters).toBeLessThan(0.5 * modelCost(model).parameters);
  expect(passes[0].report).toMatchObject({ threshold: expect.any(Number) });
  const same = await runPipeline(model, [pruneChannels({ ratio: 0 })]);
  expect(same.model).toBe(model);
});

test('channels that stay to hold constants count among the multiples', async () => {
  const scaled = scaledResnet();
  const model = patch(scaled, (edit) => {
    for (const { id, role, tensor: old } of scaled.parameters.values())
      if (role === 'offset')
        edit.setParameter(id, {
          tensor: float32(old.shape, new Float32Array(old.data.length).fill(0.5)),
        });
  });
  const { passes } = await runPipeline(model, [pruneChannels({ ratio: 0.5, multiple: 4 })]);
  const { groups } = passes[0].report as { groups: { before: number; after: number; carrying: number }[] };
  expect(groups.some(({ carrying }) => carrying > 0)).toBe(true);
  for (const { after } of groups) expect(after % 4).toBe(0);
  expect(groups.some(({ before, after }) => after < before)).toBe(true);
});

test.each([-0.1, 1.5, NaN])('a ratio of %d is refused', (ratio) => {
  expect(() => pruneChannels({ ratio })).toThrowError(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(`found ${ratio}`) }),
  );
});

test('a name that is no group, and a model without batch norm, are refused', async () => {
  await expect(
    runPipeline(resnet8(), [pruneChannels({ ratio: 0.5, exclude: ['nowhere'] })]),
  ).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining('conv1'),
  });
  await expect(runPipeline(lenet5(), [pruneChannels({ ratio: 0.5 })])).rejects.toMatchObject({
    code: 'PIPELINE_ORDER',
    message: expect.stringContaining('ranked-by-scales'),
  });
});
