import { channelGroups, createRandom, float32, patch } from '@whittle/core';
import type { ChannelGroup, Model } from '@whittle/core';
import { expect, test } from 'vitest';
import { normalizeImportance, rankAtRandom, rankByGeometricMedian, rankByMagnitude } from './index.js';
import { groupedNet, plainNet, residualNet } from './pruned-nets.fixture.js';

function groupOf(model: Model, name: string): ChannelGroup {
  return channelGroups(model).groups.find((group) => group.name === name)!;
}

/** The weights [kh, kw, I, O] of one output channel, or those [kh, kw, C, 1] of one channel. */
function filter(model: Model, id: string, channel: number): number[] {
  const { shape, data } = model.parameters.get(id)!.tensor;
  const channels = shape[3] === 1 ? shape[2] : shape[3];
  return [...(data as Float32Array)].filter((_, i) => i % channels === channel);
}

const l1 = (values: readonly number[]) => values.reduce((sum, x) => sum + Math.abs(x), 0);
const l2 = (values: readonly number[]) => Math.hypot(...values);

test('magnitude is the norm of each filter', () => {
  const model = plainNet();
  const group = groupOf(model, 'c1');
  const [byL1] = rankByMagnitude(model, [group]);
  const [byL2] = rankByMagnitude(model, [group], { norm: 2 });
  for (let c = 0; c < 6; c++) {
    expect(byL1.importance[c]).toBeCloseTo(l1(filter(model, 'c1/weight', c)), 10);
    expect(byL2.importance[c]).toBeCloseTo(l2(filter(model, 'c1/weight', c)), 10);
  }
});

test('the members of a coupled group add up: the trunk, what is added to it, and the depthwise layer behind', () => {
  const model = residualNet();
  const group = groupOf(model, 'c1');
  const members = ['c1/weight', 'c3/weight', 'd4/weight'];
  const [{ importance }] = rankByMagnitude(model, [group], { norm: 2 });
  importance.forEach((x, c) =>
    expect(x).toBeCloseTo(
      members.reduce((sum, id) => sum + l2(filter(model, id, c)), 0),
      10,
    ),
  );
});

test('the geometric median is where a filter is closest to all others, members of a coupled group together', () => {
  for (const [model, name, members] of [
    [plainNet(), 'c1', ['c1/weight']],
    [residualNet(), 'c1', ['c1/weight', 'c3/weight', 'd4/weight']],
  ] as const) {
    const group = groupOf(model, name);
    const filters = group.channels.map((_, c) => members.flatMap((id) => filter(model, id, c)));
    const [{ importance }] = rankByGeometricMedian(model, [group]);
    importance.forEach((x, c) =>
      expect(x).toBeCloseTo(
        filters.reduce((sum, other) => sum + l2(other.map((y, i) => y - filters[c][i])), 0),
        8,
      ),
    );
  }
});

test('the filter that others stand in for goes first, though its norm is the largest', () => {
  const model = plainNet();
  const { shape, data } = model.parameters.get('c1/weight')!.tensor;
  const filters = Float32Array.from(data as Float32Array, (_, i) =>
    i % 6 === 0 ? 5 : 5 + 0.5 * (i % 6) * (-1) ** i,
  );
  const changed = patch(model, (edit) => edit.setParameter('c1/weight', { tensor: float32(shape, filters) }));
  const [{ importance }] = rankByGeometricMedian(changed, [groupOf(changed, 'c1')]);
  expect(importance.indexOf(Math.min(...importance))).toBe(0);
});

test('filters of a grouped convolution, and the layer that reads a group, are told apart', () => {
  const model = groupedNet();
  const groups = channelGroups(model).groups;
  const read = groups.find(({ name }) => name === 'c1')!;
  const [{ importance }] = rankByMagnitude(model, [read]);
  // The input channels of both groups that one slice of the weight reads are one channel.
  expect(importance.length).toBe(4);
  importance.forEach((x, c) =>
    expect(x).toBeCloseTo(l1([...filter(model, 'c1/weight', c), ...filter(model, 'c1/weight', c + 4)]), 10),
  );
});

test('random ranks are fixed by the seed, group by group', () => {
  const { groups } = channelGroups(residualNet());
  const draw = (seed: number) =>
    rankAtRandom(groups, createRandom(seed)).map(({ importance }) => [...importance]);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(2)).not.toEqual(draw(1));
  expect(rankAtRandom([groups[1]], createRandom(1))[0].importance).toEqual(
    rankAtRandom(groups, createRandom(1))[1].importance,
  );
});

test('normalized groups have mean 1, or norm 1; zeros stay', () => {
  const model = residualNet();
  const { groups } = channelGroups(model);
  const ranked = rankByMagnitude(model, groups);
  for (const { importance } of normalizeImportance(ranked, 'mean'))
    expect(importance.reduce((a, b) => a + b) / importance.length).toBeCloseTo(1, 12);
  for (const { importance } of normalizeImportance(ranked, 'l2'))
    expect(Math.hypot(...importance)).toBeCloseTo(1, 12);
  const zero = [{ group: groups[0], importance: new Float64Array(6) }];
  expect(normalizeImportance(zero, 'mean')[0].importance).toEqual(new Float64Array(6));
  expect(normalizeImportance(ranked, 'none')[0].importance).toEqual(ranked[0].importance);
});
