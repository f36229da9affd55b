import { channelGroups, interpret, interpreter, maskChannels, patch, float32 } from '@whittle/core';
import type { ChannelGroup, Model } from '@whittle/core';
import { tensorFlowUnavailable } from '@whittle/train';
import { describe, expect, test } from 'vitest';
import { rankByActivationTaylor, rankByWeightTaylor, rankByZeroActivations } from './index.js';
import { noiseImages, plainNet, residualNet } from './pruned-nets.fixture.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();
const data = noiseImages(2);
const evidence = { data, evaluator: interpreter };

function groupOf(model: Model, name: string): ChannelGroup {
  return channelGroups(model).groups.find((group) => group.name === name)!;
}

/** Cross entropy of each example. */
function losses(
  model: Model,
  { inputs, labels }: { inputs: readonly unknown[]; labels: { data: ArrayLike<unknown> } },
) {
  const y = interpret(model, new Map([['x', inputs[0] as never]])).get('y')!;
  return Array.from({ length: 16 }, (_, i) => -Math.log(Number(y.data[3 * i + Number(labels.data[i])])));
}

/** The model with some weights of one channel times (1 + by). */
function scaled(model: Model, ids: readonly string[], channel: number, by: number): Model {
  return patch(model, (edit) => {
    for (const id of ids) {
      const { shape, data: old } = model.parameters.get(id)!.tensor;
      const channels = shape.at(-1) === 1 ? shape.at(-2)! : shape.at(-1)!;
      const values = Float32Array.from(old as Float32Array, (x, i) =>
        i % channels === channel ? x * (1 + by) : x,
      );
      edit.setParameter(id, { tensor: float32(shape, values) });
    }
  });
}

test('APoZ counts zeros behind the rectifier', async () => {
  const model = plainNet();
  const [{ importance }] = await rankByZeroActivations(model, [groupOf(model, 'c1')], evidence);
  const active = new Float64Array(6);
  for (const { inputs } of data.batches({} as never) as Iterable<{ inputs: readonly unknown[] }>)
    interpret(model, new Map([['x', inputs[0] as never]]), ['r1'])
      .get('r1')!
      .data.forEach((x, i) => (active[i % 6] += Number(x) > 0 ? 1 : 0));
  importance.forEach((x, c) => expect(x).toBeCloseTo(active[c] / (32 * 36), 12));
});

test('APoZ is the mean over the rectifiers of a coupled group, and leaves out what none sees', async () => {
  const model = residualNet();
  const ranked = await rankByZeroActivations(model, channelGroups(model).groups, evidence);
  expect(ranked.map(({ group }) => group.name)).toEqual(['c1', 'c2']);
  const [{ importance }] = ranked;
  const active = new Float64Array(6);
  for (const { inputs } of data.batches({} as never) as Iterable<{ inputs: readonly unknown[] }>)
    for (const [, value] of interpret(model, new Map([['x', inputs[0] as never]]), [
      'n1/relu',
      'sum',
      'n4/relu',
    ]))
      value.data.forEach((x, i) => (active[i % 6] += Number(x) > 0 ? 1 / 3 : 0));
  importance.forEach((x, c) => expect(x).toBeCloseTo(active[c] / (32 * 36), 12));
});

test('evidence may be cut short, and must not be empty', async () => {
  const model = plainNet();
  const group = groupOf(model, 'c1');
  const [one] = await rankByZeroActivations(model, [group], { ...evidence, batches: 1 });
  const [first] = await rankByZeroActivations(model, [group], { ...evidence, data: noiseImages(1) });
  expect(one.importance).toEqual(first.importance);
  const none = { examples: 0, count: 0, batches: () => [] };
  await expect(rankByZeroActivations(model, [group], { ...evidence, data: none })).rejects.toMatchObject({
    code: 'DATASET_INVALID',
  });
});

describe.skipIf(missing)(`Taylor expansions ${missing ?? ''}`, () => {
  test('of activations: what the loss of each example does as the layer and its bias shrink', async () => {
    // r1 is homogeneous in c1's weights and bias: shrinking them shrinks what it holds.
    const model = plainNet();
    const [{ importance }] = await rankByActivationTaylor(model, [groupOf(model, 'c1')], evidence);
    for (let c = 0; c < 6; c++) {
      let sum = 0;
      for (const batch of data.batches({} as never) as Iterable<never>) {
        const [above, below] = [1e-2, -1e-2].map((by) =>
          losses(scaled(model, ['c1/weight', 'c1/bias'], c, by), batch),
        );
        above.forEach((loss, i) => (sum += Math.abs((loss - below[i]) / 2e-2) / 36));
      }
      expect(importance[c] / (sum / 32)).toBeCloseTo(1, 1);
    }
  });

  test('of weights: the squared change of the mean loss, coupled members together', async () => {
    for (const [model, ids] of [
      [plainNet(), ['c1/weight']],
      [residualNet(), ['c1/weight', 'c3/weight', 'd4/weight']],
    ] as const) {
      const [{ importance }] = await rankByWeightTaylor(model, [groupOf(model, 'c1')], evidence);
      for (let c = 0; c < 6; c++) {
        let sum = 0;
        for (const batch of data.batches({} as never) as Iterable<never>) {
          const mean = (by: number) => losses(scaled(model, ids, c, by), batch).reduce((a, b) => a + b) / 16;
          sum += ((mean(2e-3) - mean(-2e-3)) / 4e-3) ** 2;
        }
        expect(Math.sqrt(importance[c]) / Math.sqrt(sum / 2)).toBeCloseTo(1, 1);
      }
    }
  });

  test('of scales: of norms and their offsets; groups without norms are left out', async () => {
    const model = residualNet();
    const ranked = await rankByWeightTaylor(model, channelGroups(model).groups, evidence, { of: 'scales' });
    expect(ranked.map(({ group }) => group.name)).toEqual(['c1', 'c2']);
    const [, { importance }] = ranked;
    for (let c = 0; c < 4; c++) {
      let sum = 0;
      for (const batch of data.batches({} as never) as Iterable<never>) {
        const mean = (by: number) =>
          losses(scaled(model, ['n2/gamma', 'n2/beta'], c, by), batch).reduce((a, b) => a + b) / 16;
        sum += ((mean(2e-3) - mean(-2e-3)) / 4e-3) ** 2;
      }
      expect(Math.sqrt(importance[c]) / Math.sqrt(sum / 2)).toBeCloseTo(1, 1);
    }
    const plain = plainNet();
    expect(await rankByWeightTaylor(plain, channelGroups(plain).groups, evidence, { of: 'scales' })).toEqual(
      [],
    );
  });

  test('what a masked channel holds is worth nothing, to either', async () => {
    const model = plainNet();
    const group = groupOf(model, 'c1');
    const masked = maskChannels(model, [{ group, channels: [2] }]);
    const [activations] = await rankByActivationTaylor(masked, [group], evidence);
    const [weights] = await rankByWeightTaylor(masked, [group], evidence);
    expect(activations.importance[2]).toBe(0);
    expect(weights.importance[2]).toBe(0);
    expect(activations.importance.filter((x) => x > 0).length).toBe(5);
  });
});
