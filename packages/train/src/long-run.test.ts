import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  batchNorm,
  createRandom,
  dense,
  float32,
  ModelBuilder,
  relu,
  sizeOf,
  softmax,
  tensor,
} from '@whittle/core';
import type { Batch, BatchSource, Model, ParameterRole } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import {
  accuracy,
  crossEntropy,
  fit,
  l1,
  loadTensorFlow,
  sgd,
  softThreshold,
  tensorFlowUnavailable,
  weightDecay,
} from './index.js';
import type { Term } from './index.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();
const steps = 10_000;
/** Memory that the process may gain after the first fifth of the steps, in MB; the tensors of a step alone would come to more. */
const growth = 64;

/** [4] to 2 classes by two dense layers, a batch norm between them. */
function network(name: string): Model {
  const builder = new ModelBuilder(name);
  const parameter = (id: string, role: ParameterRole, shape: readonly number[], value?: number) => {
    const stream = createRandom(2).at(id);
    const data = Float32Array.from({ length: sizeOf(shape) }, () => value ?? 0.5 * stream.normal());
    return builder.parameter(id, float32(shape, data), role);
  };
  const plain = { activation: 'none' } as const;
  const sums = builder.node('hidden', dense, plain, [
    builder.input('x', ['batch', 4]),
    parameter('hidden/weight', 'weight', [4, 3]),
  ]);
  const norm = builder.node('bn', batchNorm, { epsilon: 1e-3 }, [
    sums,
    parameter('bn/scale', 'scale', [3], 1),
    parameter('bn/offset', 'offset', [3], 0),
    parameter('bn/mean', 'mean', [3], 0),
    parameter('bn/variance', 'variance', [3], 1),
  ]);
  const logits = builder.node('logits', dense, plain, [
    builder.node('relu', relu, {}, [norm]),
    parameter('logits/weight', 'weight', [3, 2]),
    parameter('logits/bias', 'bias', [2], 0),
  ]);
  builder.output(builder.node('y', softmax, { beta: 1 }, [logits]));
  return builder.finish();
}

/** Memory of the process without JavaScript's garbage. */
function residentBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage.rss();
}

function sourceOf(count: number, batch: Batch): BatchSource {
  return {
    examples: 4 * count,
    count,
    *batches() {
      for (let step = 0; step < count; step++) yield batch;
    },
  };
}

describe.skipIf(missing)(`long runs ${missing ?? ''}`, () => {
  test('10,000 steps of two updates with terms, penalties, proximal steps and kept tensors stay in constant memory', async () => {
    const tf = await loadTensorFlow();
    const binding = (tf.backend() as unknown as { binding: { getNumOfTensors(): number } }).binding;
    const tensors = new Set<string>();
    let early = 0;
    const watch: Term = {
      name: 'watch',
      weight: 0,
      loss({ tf: t, at, forward, keep, kept }) {
        keep('logits', forward().logits());
        if (at.step >= 100 && at.step % 500 === 0)
          tensors.add(`${t.memory().numTensors} ${binding.getNumOfTensors()}`);
        if (at.step === steps / 5) early = residentBytes();
        return t.mean(kept('logits'));
      },
    };
    const follow: Term = {
      name: 'follow',
      weight: 1,
      loss: ({ tf: t, forward, kept }) =>
        t.mean(t.squaredDifference(forward('second').logits(), kept('logits'))),
    };
    const stream = createRandom(1).at('data');
    const images = float32(
      [4, 4],
      Float32Array.from({ length: 16 }, () => stream.normal()),
    );
    const batch = { inputs: [images], labels: tensor('int32', [4], Int32Array.of(0, 1, 1, 0)) };
    const shared = { optimizer: sgd(), learningRate: 0.001 };
    const { history } = await fit({
      models: { first: network('first'), second: network('second') },
      updates: [
        {
          ...shared,
          terms: [crossEntropy(), watch],
          penalties: [weightDecay(1e-4), l1(1e-4)],
          after: [softThreshold(1e-4)],
        },
        { ...shared, model: 'second', terms: [follow] },
      ],
      data: sourceOf(steps / 2, batch),
      validation: sourceOf(1, batch),
      metrics: [accuracy()],
      epochs: 2,
      random: createRandom(1),
    });
    expect(history).toHaveLength(2);
    expect(tensors.size).toBe(1);
    expect((residentBytes() - early) / 2 ** 20).toBeLessThan(growth);
    expect(tf.memory().numTensors).toBe(0);
  }, 300_000);
});
