import { channelGroups, interpret, interpreter, maskChannels } from '@whittle/core';
import type { ChannelGroup, Model } from '@whittle/core';
import { expect, test } from 'vitest';
import { channelContributions, rankByLasso, rankByNextLayer } from './index.js';
import { lassoImportance } from './rank-by-lasso.js';
import { lassoPath } from './lasso-path.js';
import { greedyImportance } from './rank-by-next-layer.js';
import { groupedNet, noiseImages, plainNet, residualNet } from './pruned-nets.fixture.js';

const data = noiseImages(2);
const evidence = { data, evaluator: interpreter };
/** All positions, so that what is measured is what the layers compute. */
const whole = { positions: 36 };

function groupOf(model: Model, name: string): ChannelGroup {
  return channelGroups(model).groups.find((group) => group.name === name)!;
}

/** What layers compute of all images, one after another, bias included. */
function outputsOf(model: Model, layers: readonly string[]): number[] {
  const found: number[] = [];
  for (const { inputs } of data.batches({} as never) as Iterable<{ inputs: readonly never[] }>)
    for (const [, value] of interpret(model, new Map([['x', inputs[0]]]), layers))
      found.push(...Array.from(value.data, Number));
  return found;
}

/** Sum of squares of what some channels contribute, by masking them. */
function missed(
  model: Model,
  group: ChannelGroup,
  channels: readonly number[],
  layers: readonly string[],
): number {
  const all = outputsOf(model, layers);
  const without = outputsOf(maskChannels(model, [{ group, channels }]), layers);
  return all.reduce((sum, x, i) => sum + (x - without[i]) ** 2, 0);
}

test.each([
  ['a convolution', plainNet, 'c1', ['c2']],
  ['a dense layer behind a flattened pool', plainNet, 'c2', ['fc']],
  ['a grouped convolution', groupedNet, 'c1', ['c2']],
] as const)('contributions to %s are what masking takes away', async (_, net, name, layers) => {
  const model = net();
  const group = groupOf(model, name);
  const [{ gram }] = await channelContributions(model, [group], evidence, whole);
  const count = group.channels.length;
  for (let c = 0; c < count; c++)
    expect(gram[c * count + c] / missed(model, group, [c], layers)).toBeCloseTo(1, 4);
  const pair = gram[0] + gram[count + 1] + 2 * gram[1];
  expect(pair / missed(model, group, [0, 1], layers)).toBeCloseTo(1, 4);
});

test('all layers that read a coupled group count', async () => {
  const model = residualNet();
  const group = groupOf(model, 'c1');
  // c2 and fc read the group; a depthwise convolution is of the group itself.
  const [all] = await channelContributions(model, [group], evidence, whole);
  expect(all.gram[0]).toBeGreaterThan(0);
  const c2 = await channelContributions(model, [groupOf(model, 'c2')], evidence, whole);
  expect(c2[0].gram.length).toBe(16);
});

test('the greedy step is that of brute force', async () => {
  const model = plainNet();
  const group = groupOf(model, 'c1');
  const [{ importance }] = await rankByNextLayer(model, [group], evidence, whole);
  const order = [...importance.keys()].sort((a, b) => importance[a] - importance[b]);
  const gone: number[] = [];
  while (gone.length < 5) {
    const left = order.filter((c) => !gone.includes(c));
    const costs = left.map((c) => missed(model, group, [...gone, c], ['c2']));
    gone.push(left[costs.indexOf(Math.min(...costs))]);
  }
  expect(order.slice(0, 5)).toEqual(gone);
});

test('importances rise in the order in which channels go, also where contributions cancel', () => {
  // Channels 0 and 1 are opposite: both can go at no cost, after the small third.
  const gram = Float64Array.of(4, -4, 0, -4, 4, 0, 0, 0, 1);
  const importance = greedyImportance(gram);
  const order = [...importance.keys()].sort((a, b) => importance[a] - importance[b]);
  expect(order).toEqual([2, 0, 1]);
  expect(new Set(importance).size).toBe(3);
  expect(new Set(greedyImportance(new Float64Array(9))).size).toBe(3);
});

test('where contributions are apart LASSO has a closed form: beta = max(0, 1 - lambda / g)', () => {
  const gram = Float64Array.of(9, 0, 0, 0, 1, 0, 0, 0, 4);
  const target = Float64Array.of(9, 1, 4);
  for (const { lambda, beta } of lassoPath(gram, target))
    [9, 1, 4].forEach((g, i) => expect(beta[i]).toBeCloseTo(Math.max(0, 1 - lambda / g), 9));
  const importance = lassoImportance(gram);
  // Each comes into use at lambda = g, of 9 at most; the path falls by tenths.
  [1, 1 / 9, 4 / 9].forEach((share, i) => {
    expect(importance[i]).toBeLessThan(share * 1.12);
    expect(importance[i]).toBeGreaterThan(share * 0.8);
  });
});

test('solutions on the path meet the conditions of the optimum', async () => {
  const model = plainNet();
  const [{ gram }] = await channelContributions(model, [groupOf(model, 'c1')], evidence);
  const rows = Array.from({ length: 6 }, (_, i) => [...gram.subarray(6 * i, 6 * i + 6)]);
  const target = Float64Array.from(rows, (row) => row.reduce((a, b) => a + b));
  for (const { lambda, beta } of lassoPath(gram, target))
    rows.forEach((row, i) => {
      const slope = target[i] - row.reduce((sum, g, j) => sum + g * beta[j], 0);
      if (beta[i] === 0) expect(Math.abs(slope)).toBeLessThanOrEqual(lambda * 1.0001);
      else expect(slope / lambda).toBeCloseTo(Math.sign(beta[i]), 4);
    });
});

test('a channel that contributes nothing is the first to go, to both', async () => {
  const model = plainNet();
  const group = groupOf(model, 'c1');
  const masked = maskChannels(model, [{ group, channels: [3] }]);
  for (const rank of [rankByLasso, rankByNextLayer]) {
    const [{ importance }] = await rank(masked, [group], evidence);
    expect(importance.indexOf(Math.min(...importance))).toBe(3);
    const [again] = await rank(masked, [group], evidence);
    expect(again.importance).toEqual(importance);
  }
});
