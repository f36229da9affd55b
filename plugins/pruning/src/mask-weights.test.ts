import { dense, float32, ModelBuilder, modelCost, patch, runPipeline, sequence } from '@whittle/core';
import type { Model } from '@whittle/core';
import { crossEntropy, sgd, tensorFlowUnavailable, train, weightDecay } from '@whittle/train';
import { describe, expect, test } from 'vitest';
import { sparsityOf } from './weight-masks.js';
import { cubicSparsity, maskNOfM, maskWeights, pruneGradually } from './index.js';
import { noiseImages, plainNet, residualNet } from './pruned-nets.fixture.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();

/** y = x W, of 4 inputs and 2 outputs. */
function denseNet(weights: readonly number[], inputs = 4): Model {
  const b = new ModelBuilder('dense');
  const w = b.parameter('w', float32([inputs, weights.length / inputs], weights), 'weight');
  b.output(b.node('y', dense, { activation: 'none' }, [b.input('x', ['batch', inputs]), w]));
  return b.finish();
}

const run = async (model: Model, ...passes: Parameters<typeof runPipeline>[1]) =>
  (await runPipeline(model, passes, { seed: 1 })).model;
const weightsOf = (model: Model, id = 'w') => [...(model.parameters.get(id)!.tensor.data as Float32Array)];
const masksOf = (model: Model, id = 'w') => [...(model.parameters.get(id)!.mask?.data ?? [])];

test('the smallest weights are masked, and are zero', async () => {
  const model = await run(denseNet([1, -2, 3, -4, 5, -6, 7, -8]), maskWeights({ sparsity: 0.5 }));
  expect(masksOf(model)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  expect(weightsOf(model)).toEqual([0, 0, 0, 0, 5, -6, 7, -8]);
  expect(modelCost(model).nonzeroParameters).toBe(4);
});

test('below so many standard deviations', async () => {
  // Mean 0, variance (4 * 1 + 4 * 9) / 8 = 5.
  const model = denseNet([1, -1, 1, -1, 3, -3, 3, -3]);
  expect(masksOf(await run(model, maskWeights({ deviations: 1 })))).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  expect(await run(model, maskWeights({ deviations: 0.4 }))).toBe(model);
});

test('one threshold over all takes more of the layer with smaller weights', async () => {
  const model = plainNet();
  const small = patch(model, (edit) => {
    const { shape, data } = model.parameters.get('c2/weight')!.tensor;
    edit.setParameter('c2/weight', {
      tensor: float32(
        shape,
        (data as Float32Array).map((x) => x / 100),
      ),
    });
  });
  const masked = await run(small, maskWeights({ sparsity: 0.5, scope: 'global' }));
  const share = (id: string) => sparsityOf(masked, [id]).sparsity;
  expect(share('c2/weight')).toBeGreaterThan(0.9);
  expect(share('c1/weight')).toBeLessThan(0.1);
});

test('masks only grow, and count towards what is asked for', async () => {
  const model = denseNet([1, -2, 3, -4, 5, -6, 7, -8]);
  const first = await run(model, maskWeights({ sparsity: 0.25 }));
  expect(masksOf(await run(first, maskWeights({ sparsity: 0.5 })))).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  expect(await run(first, maskWeights({ sparsity: 0.1 }))).toBe(first);
});

test('the 2 largest of each 4 inputs of an output stay', async () => {
  const [a, b] = [
    [1, -5, 3, 2, 9, -1],
    [4, 4, 4, 4, 0, 1],
  ];
  const model = await run(
    denseNet(
      a.flatMap((x, i) => [x, b[i]]),
      6,
    ),
    maskNOfM({}),
  );
  const column = (o: number) => masksOf(model).filter((_, i) => i % 2 === o);
  expect(column(0)).toEqual([0, 1, 1, 0, 1, 1]);
  expect(column(1)).toEqual([1, 1, 0, 0, 1, 1]);
});

test('N:M holds at each tap of a convolution, along its input channels; depthwise layers stay whole', async () => {
  const model = await run(residualNet(), maskNOfM({ n: 1, m: 3 }));
  for (const [id, inputs, outputs] of [
    ['c2/weight', 6, 4],
    ['c3/weight', 4, 6],
  ] as const) {
    const mask = masksOf(model, id);
    for (let tap = 0; tap < 9; tap++)
      for (let o = 0; o < outputs; o++)
        for (let start = 0; start < inputs; start += 3) {
          let kept = 0;
          for (let i = start; i < Math.min(start + 3, inputs); i++)
            kept += mask[(tap * inputs + i) * outputs + o];
          expect(kept).toBe(1);
        }
  }
  expect(masksOf(model, 'd4/weight')).toEqual([]);
});

test('the cubic schedule', () => {
  const at = cubicSparsity({ initial: 0.1, final: 0.9, begin: 0.2, end: 0.6 });
  [0.1, 0.1, 0.9, 0.9].forEach((x, i) => expect(at([0, 0.2, 0.6, 1][i])).toBeCloseTo(x, 12));
  expect(at(0.4)).toBeCloseTo(0.9 - 0.8 / 8, 12);
});

test.each([
  () => maskWeights({}),
  () => maskWeights({ sparsity: 0.5, deviations: 1 }),
  () => maskWeights({ sparsity: 1.5 }),
  () => maskNOfM({ n: 4, m: 4 }),
  () =>
    pruneGradually({
      data: noiseImages(),
      epochs: 1,
      optimizer: sgd(),
      learningRate: 0.1,
      sparsity: 0.5,
      begin: 0.5,
      end: 0.5,
    }),
])('options that make no sense are refused (%#)', (make) => {
  expect(make).toThrowError(expect.objectContaining({ code: 'OPTION_INVALID' }));
});

test('a name that is no weight is refused', async () => {
  await expect(run(plainNet(), maskWeights({ sparsity: 0.5, exclude: ['c9/*'] }))).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining('c2/weight'),
  });
});

describe.skipIf(missing)(`training masked weights ${missing ?? ''}`, () => {
  const data = noiseImages();
  const bySgd = { data, optimizer: sgd({ nesterov: true }), learningRate: 0.05 };
  const zeros = (model: Model, id: string) =>
    weightsOf(model, id).flatMap((x, i) => (Object.is(x, 0) ? [i] : []));

  test('masks survive it, and what they hold is zero to the bit', async () => {
    const masked = await run(plainNet(), maskWeights({ sparsity: 0.6 }));
    const trained = await run(masked, train({ ...bySgd, epochs: 3, penalties: [weightDecay(1e-3)] }));
    for (const id of ['c1/weight', 'c2/weight', 'fc/weight']) {
      const mask = masksOf(trained, id);
      expect(mask).toEqual(masksOf(masked, id));
      expect(zeros(trained, id)).toEqual(mask.flatMap((x, i) => (x === 0 ? [i] : [])));
      expect(weightsOf(trained, id)).not.toEqual(weightsOf(masked, id));
    }
  });

  test('pruning and retraining in turns', async () => {
    const step = (sparsity: number) =>
      sequence('test/prune-and-retrain', [maskWeights({ sparsity }), train({ ...bySgd, epochs: 1 })]);
    const model = await run(plainNet(), step(0.3), step(0.5), step(0.7));
    expect(zeros(model, 'c2/weight').length).toBe(Math.round(270 * 0.7));
  });

  test('a gradual run follows the cubic schedule, and its masks only grow', async () => {
    const options = { ...bySgd, epochs: 4, sparsity: 0.8, initialSparsity: 0.1, end: 0.5, every: 2 };
    const { model, passes } = await runPipeline(plainNet(), [pruneGradually(options)], { seed: 1 });
    const { sparsities, history } = passes[0].report as {
      sparsities: { step: number; sparsity: number }[];
      history: { epoch: number }[];
    };
    const schedule = cubicSparsity({ initial: 0.1, final: 0.8, end: 0.5 });
    expect(sparsities.map(({ step }) => step)).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
    for (const { step, sparsity } of sparsities) expect(sparsity).toBeCloseTo(schedule(step / 16), 2);
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const id of ['c1/weight', 'c2/weight', 'fc/weight']) {
      const mask = masksOf(model, id);
      expect(zeros(model, id)).toEqual(mask.flatMap((x, i) => (x === 0 ? [i] : [])));
      expect(zeros(model, id).length / mask.length).toBeCloseTo(0.8, 2);
    }
    const again = await runPipeline(plainNet(), [pruneGradually(options)], { seed: 1 });
    expect(weightsOf(again.model, 'c2/weight')).toEqual(weightsOf(model, 'c2/weight'));
  });

  test('in parts it sees the batches and schedules that one run sees', async () => {
    // Without masks and momentum a run in parts is the run itself.
    const options = {
      data,
      epochs: 3,
      optimizer: sgd({ momentum: 0 }),
      learningRate: ({ step }: { step: number }) => 0.1 / (1 + step),
      terms: [crossEntropy({ weight: ({ step }) => 1 + step })] as [ReturnType<typeof crossEntropy>],
    };
    const parts = await run(plainNet(), pruneGradually({ ...options, sparsity: 0, every: 3 }));
    const once = await run(plainNet(), train(options));
    expect(weightsOf(parts, 'c2/weight')).toEqual(weightsOf(once, 'c2/weight'));
  });
});
