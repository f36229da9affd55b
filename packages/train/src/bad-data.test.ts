import { createRandom, dense, float32, ModelBuilder, softmax, tensor } from '@whittle/core';
import type { BatchSource, Model } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { crossEntropy, fit, sgd, tensorFlowUnavailable } from './index.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();

/** A classifier of 4 numbers into 3 classes. */
function classifier(): Model {
  const b = new ModelBuilder('classifier');
  const weight = b.parameter('fc/weight', float32([4, 3], new Array<number>(12).fill(0.1)), 'weight');
  const logits = b.node('fc', dense, { activation: 'none' }, [b.input('x', ['batch', 4]), weight]);
  b.output(b.node('probabilities', softmax, { beta: 1 }, [logits]));
  return b.finish();
}

function train(shape: readonly number[], label: number) {
  const batch = { inputs: [float32([2, ...shape])], labels: tensor('int32', [2], [0, label]) };
  const data: BatchSource = { examples: 2, count: 1, batches: () => [batch] };
  const updates = [{ optimizer: sgd(), learningRate: 0.1, terms: [crossEntropy()] }];
  return fit({ models: { model: classifier() }, updates, data, epochs: 1, random: createRandom(0) });
}

describe.skipIf(missing)(`data that doesn't fit the model${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('data that fits is trained on', async () => {
    expect((await train([4], 2)).history).toHaveLength(1);
  });
  test('an example of another shape says what was fed and what was expected', async () => {
    await expect(train([2, 2], 2)).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: expect.stringContaining('float32[batch, 4], found float32[2, 2, 2]'),
    });
  });
  test.each([3, -1])('class %i of a model of three is refused', async (label) => {
    await expect(train([4], label)).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringContaining(`class ${label}`),
    });
  });
});
