import {
  channelGroups,
  createRegistry,
  interpret,
  maskChannels,
  modelCost,
  runPipeline,
  verify,
} from '@whittle/core';
import type { Model, Pass } from '@whittle/core';
import { tensorFlowUnavailable, tfjsEvaluator } from '@whittle/train';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Evaluator } from '@whittle/core';
import {
  pruneAtRandom,
  pruneByActivationTaylor,
  pruneByDiscrimination,
  pruneByGeometricMedian,
  pruneByLasso,
  pruneByMagnitude,
  pruneByNextLayer,
  pruneByWeightTaylor,
  pruneByZeroActivations,
  pruning,
  rankByDiscrimination,
  rankByMagnitude,
  scanSensitivity,
} from './index.js';
import { noiseImages, plainNet, residualNet } from './pruned-nets.fixture.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();
const data = noiseImages(4);
const passes: Record<string, (goal: { uniform?: number; ratio?: number }) => Pass> = {
  'by L1 norm': (goal) => pruneByMagnitude(goal),
  'by L2 norm': (goal) => pruneByMagnitude({ ...goal, norm: 2 }),
  'by geometric median': (goal) => pruneByGeometricMedian(goal),
  'by Taylor of activations': (goal) => pruneByActivationTaylor({ ...goal, data }),
  'by Taylor of weights': (goal) => pruneByWeightTaylor({ ...goal, data }),
  'by LASSO': (goal) => pruneByLasso({ ...goal, data }),
  'by the next layer': (goal) => pruneByNextLayer({ ...goal, data }),
  'by discrimination': (goal) => pruneByDiscrimination({ ...goal, data, rounds: 3, classifierEpochs: 2 }),
  'by zero activations': (goal) => pruneByZeroActivations({ ...goal, data }),
  'at random': (goal) => pruneAtRandom(goal),
};

describe.skipIf(missing)(`passes ${missing ?? ''}`, () => {
  let evaluator: Evaluator;
  beforeAll(async () => {
    evaluator = await tfjsEvaluator();
  });
  const run = (model: Model, pass: Pass, seed = 1) => runPipeline(model, [pass], { seed, evaluator });

  describe.each(Object.entries(passes))('%s', (name, make) => {
    test('channels go for real, on coupled groups too, the same ones for the same seed', async () => {
      for (const model of [plainNet(), residualNet()]) {
        const {
          model: pruned,
          passes: [{ report }],
        } = await run(model, make({ uniform: 0.5 }));
        verify(pruned);
        expect(modelCost(pruned).macs).toBeLessThan(modelCost(model).macs);
        const { groups } = report as { groups: { before: number; after: number; carrying: number }[] };
        for (const { before, after, carrying } of groups)
          expect(after - carrying).toBe(Math.ceil(before / 2));
        const again = (await run(model, make({ uniform: 0.5 }))).model;
        const numbers = (of: Model) => [...of.parameters.values()].map(({ id, tensor }) => [id, tensor.data]);
        expect(numbers(again)).toEqual(numbers(pruned));
      }
    });

    test('nothing goes where nothing shall', async () => {
      const model = plainNet();
      expect((await run(model, make({ ratio: 0 }))).model).toBe(model);
    });

    test('exactly one goal is given', () => {
      for (const goal of [{}, { ratio: 0.5, uniform: 0.5 }, { ratio: 2 }])
        expect(() => make(goal)).toThrowError(expect.objectContaining({ code: 'OPTION_INVALID' }));
    });
  });

  test('without reconstruction the pruned model is the masked one', async () => {
    const model = residualNet();
    const { model: pruned } = await run(
      model,
      pruneByNextLayer({ uniform: 0.34, data, reconstruct: 'none' }),
    );
    const [{ inputs }] = [...(data.batches({} as never) as Iterable<{ inputs: readonly never[] }>)];
    const feeds = new Map([['x', inputs[0]]]);
    const found = interpret(pruned, feeds).get('y')!.data;
    const candidates = channelGroups(model).groups;
    const pairs = (n: number) =>
      Array.from({ length: n * n }, (_, i) => [i % n, Math.floor(i / n)]).filter(([a, b]) => a < b);
    const distances = pairs(6).flatMap((trunk) =>
      [0, 1, 2, 3].map((branch) => {
        const masked = maskChannels(model, [
          { group: candidates.find(({ name }) => name === 'c1')!, channels: trunk },
          { group: candidates.find(({ name }) => name === 'c2')!, channels: [branch] },
        ]);
        const wanted = Array.from(interpret(masked, feeds).get('y')!.data, Number);
        return Math.max(...wanted.map((x, i) => Math.abs(x - Number(found[i]))));
      }),
    );
    expect(Math.min(...distances)).toBeLessThan(1e-5);
  });

  test('what was reconstructed is reported, and any criterion can be', async () => {
    for (const pass of [
      pruneByMagnitude({ uniform: 0.5, data, reconstruct: 'weights' }),
      pruneByLasso({ uniform: 0.5, data }),
      pruneByNextLayer({ uniform: 0.5, data }),
    ]) {
      const {
        passes: [{ report }],
      } = await run(plainNet(), pass);
      const { reconstructed } = report as {
        reconstructed: { name: string; errorBefore: number; errorAfter: number }[];
      };
      expect(reconstructed.map(({ name }) => name)).toEqual(['c2', 'fc']);
      for (const { errorBefore, errorAfter } of reconstructed) expect(errorAfter).toBeLessThan(errorBefore);
    }
    expect(() => pruneByMagnitude({ uniform: 0.5, reconstruct: 'weights' })).toThrowError(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining("'data'") }),
    );
  });

  test('a model whose groups a criterion cannot judge is refused', async () => {
    const { model } = await run(plainNet(), pruneByMagnitude({ uniform: 0.5, exclude: ['c1'] }));
    expect(model.values.get('c1')!.shape.at(-1)).toBe(6);
    await expect(
      run(plainNet(), pruneByWeightTaylor({ ratio: 0.5, data, of: 'scales' })),
    ).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
  });

  test('channels that tell classes apart are chosen first', async () => {
    const model = plainNet();
    const group = channelGroups(model).groups.find(({ name }) => name === 'c1')!;
    const dead = maskChannels(model, [{ group, channels: [1, 4] }]);
    const options = { rounds: 3, classifierEpochs: 3 };
    const [{ importance }] = await rankByDiscrimination(dead, [group], { data, evaluator }, options);
    const order = [...importance.keys()].sort((a, b) => importance[a] - importance[b]);
    expect(order.slice(0, 2).sort()).toEqual([1, 4]);
    expect([...importance].sort()).toEqual([1, 2, 3, 4, 5, 6].map((place) => expect.closeTo(place / 6, 10)));
  });

  test('the scan measures each group alone, and leaves the model as it is', async () => {
    const model = residualNet();
    const {
      model: same,
      passes: [{ report }],
    } = await run(model, scanSensitivity({ data, ratios: [0, 0.5, 1] }));
    expect(same).toBe(model);
    const { metric, full, rows } = report as {
      metric: string;
      full: number;
      rows: { group: string; ratio: number; removed: number; metric: number }[];
    };
    expect(metric).toBe('accuracy');
    expect(rows.map(({ group, ratio, removed }) => [group, ratio, removed])).toEqual([
      ['c1', 0, 0],
      ['c1', 0.5, 3],
      ['c1', 1, 5],
      ['c2', 0, 0],
      ['c2', 0.5, 2],
      ['c2', 1, 3],
    ]);
    expect(rows.filter(({ ratio }) => ratio === 0).map((row) => row.metric)).toEqual([full, full]);
    // Half of c2 by hand.
    const group = channelGroups(model).groups.find(({ name }) => name === 'c2')!;
    const [{ importance }] = rankByMagnitude(model, [group]);
    const channels = [...importance.keys()].sort((a, b) => importance[a] - importance[b]).slice(0, 2);
    const masked = maskChannels(model, [{ group, channels }]);
    let right = 0;
    for (const { inputs, labels } of data.batches({} as never) as Iterable<{
      inputs: readonly never[];
      labels: { data: ArrayLike<number> };
    }>) {
      const y = interpret(masked, new Map([['x', inputs[0]]])).get('y')!.data as Float32Array;
      for (let i = 0; i < 16; i++) {
        const scores = [...y.subarray(3 * i, 3 * i + 3)];
        if (scores.indexOf(Math.max(...scores)) === labels.data[i]) right++;
      }
    }
    expect(rows[4].metric).toBe(right / 64);
  });
});

test('the plugin lists its passes', () => {
  const names = createRegistry([pruning]).plugins[0].passes!.map(({ definition }) => definition.name);
  expect(new Set(names).size).toBe(14);
  for (const name of names) expect(name).toMatch(/^pruning\/[a-z-]+$/);
});
