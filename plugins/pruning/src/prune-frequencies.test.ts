import { runPipeline } from '@whittle/core';
import type { Model } from '@whittle/core';
import { sgd, tensorFlowUnavailable, train } from '@whittle/train';
import { expect, test } from 'vitest';
import {
  frequencySparsity,
  keepFrequencies,
  maskWeights,
  pruneFrequencies,
  transformKernels,
} from './index.js';
import { noiseImages, plainNet, residualNet } from './pruned-nets.fixture.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();
const run = (model: Model, ...passes: Parameters<typeof runPipeline>[1]) =>
  runPipeline(model, passes, { seed: 1 });
const dataOf = (model: Model, id: string) => model.parameters.get(id)!.tensor.data as Float32Array;

test('the transform is the DCT-II of each kernel by its formula, orthonormal, and its inverse undoes it', () => {
  const [height, width] = [3, 5];
  const data = Float32Array.from({ length: 15 * 2 }, (_, i) => Math.sin(i * i));
  const shape = [height, width, 1, 2];
  const found = transformKernels(data, shape);
  for (let o = 0; o < 2; o++)
    for (let u = 0; u < height; u++)
      for (let v = 0; v < width; v++) {
        let sum = 0;
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++)
            sum +=
              data[(y * width + x) * 2 + o] *
              Math.cos((Math.PI * (2 * y + 1) * u) / (2 * height)) *
              Math.cos((Math.PI * (2 * x + 1) * v) / (2 * width));
        const scale = Math.sqrt((u ? 2 : 1) / height) * Math.sqrt((v ? 2 : 1) / width);
        expect(found[(u * width + v) * 2 + o]).toBeCloseTo(scale * sum, 6);
      }
  expect(found.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(
    data.reduce((sum, x) => sum + x * x, 0),
    5,
  );
  transformKernels(found, shape, 'inverse').forEach((x, i) => expect(x).toBeCloseTo(data[i], 6));
});

test('the smallest coefficients go, the others stay: what weights lose is what these were', async () => {
  const model = plainNet();
  const { model: pruned, passes } = await run(model, pruneFrequencies({ sparsity: 0.5, scope: 'layer' }));
  expect((passes[0].report as { sparsity: number }).sparsity).toBeCloseTo(0.5, 2);
  for (const id of ['c1/weight', 'c2/weight']) {
    const { shape } = model.parameters.get(id)!.tensor;
    const [before, after] = [model, pruned].map((each) => transformKernels(dataOf(each, id), shape));
    const order = [...before.keys()].sort((a, b) => Math.abs(before[a]) - Math.abs(before[b]));
    const half = Math.round(before.length / 2);
    order.forEach((i, place) => expect(after[i]).toBeCloseTo(place < half ? 0 : before[i], 5));
    const lost = dataOf(model, id).reduce((sum, x, i) => sum + (x - dataOf(pruned, id)[i]) ** 2, 0);
    expect(lost).toBeCloseTo(
      order.slice(0, half).reduce((sum, i) => sum + before[i] ** 2, 0),
      4,
    );
  }
  expect(dataOf(pruned, 'fc/weight')).toEqual(dataOf(model, 'fc/weight'));
});

test('depthwise kernels have frequencies too; masked weights, and a share of nothing, are left alone', async () => {
  const { model: pruned } = await run(residualNet(), pruneFrequencies({ sparsity: 0.4, scope: 'layer' }));
  expect(frequencySparsity(pruned, ['d4/weight']).sparsity).toBeCloseTo(0.4, 1);
  const model = plainNet();
  expect((await run(model, pruneFrequencies({ sparsity: 0 }))).model).toBe(model);
  const { model: masked } = await run(model, maskWeights({ sparsity: 0.5 }));
  expect((await run(masked, pruneFrequencies({ sparsity: 0.5 }))).model).toBe(masked);
});

test.skipIf(missing)(`frequencies stay zero through training ${missing ?? ''}`, async () => {
  const bySgd = { data: noiseImages(), epochs: 3, optimizer: sgd(), learningRate: 0.05 };
  const pruned = (await run(plainNet(), pruneFrequencies({ sparsity: 0.6 }))).model;
  const ids = ['c1/weight', 'c2/weight'];
  const before = frequencySparsity(pruned, ids);
  const kept = (await run(pruned, train({ ...bySgd, after: [keepFrequencies()] }))).model;
  expect(frequencySparsity(kept, ids)).toEqual(before);
  expect(dataOf(kept, 'c2/weight')).not.toEqual(dataOf(pruned, 'c2/weight'));
  expect(frequencySparsity((await run(pruned, train(bySgd))).model, ids).sparsity).toBeLessThan(0.05);
});
