import { createRandom, sizeOf } from '@whittle/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fusedActivation } from '../kernels/activations.js';
import { trainBatchNorm } from '../kernels/batch-norm.js';
import { maxPool } from '../kernels/max-pool.js';
import { softmaxCrossEntropy } from '../kernels/softmax-cross-entropy.js';
import type { NativeBinding } from '../kernels/native.js';
import { loadTensorFlow, tensorFlowUnavailable } from '../tensorflow.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { deferralOf } from './defer.js';
import type { Deferral } from './defer.js';

interface CountingBinding extends NativeBinding {
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
}

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();
const draw = (name: string, shape: readonly number[]) => {
  const stream = createRandom(5).at(name);
  return Float32Array.from({ length: sizeOf(shape) }, () => stream.normal());
};

/** A convolution, batch norm, relu, max pool, dense layer and cross entropy: the loss and its gradients. */
function step(tf: TensorFlow, deferral: Deferral, scale = 1): Float32Array[] {
  const of = (name: string, shape: number[], by = 1) =>
    tf.tensor(
      draw(name, shape).map((value) => value * by),
      shape,
    );
  return tf.tidy(() => {
    const x = of('x', [4, 8, 8, 3], scale) as never;
    const targets = tf.oneHot(tf.tensor1d([0, 2, 1, 2], 'int32'), 3, 1, 0, 'float32');
    const weights = [
      of('kernel', [3, 3, 3, 8], 0.3),
      tf.ones([8]),
      tf.zeros([8]),
      of('dense', [128, 3], 0.1),
    ];
    const loss = () => {
      const [kernel, gamma, beta, dense] = weights;
      const sums = tf.conv2d(x, kernel as never, 1, 'same');
      const statistics = { mean: tf.zeros([8]), variance: tf.ones([8]) };
      const { y } = trainBatchNorm(tf, { x: sums, scale: gamma, offset: beta, ...statistics }, 1e-3, 0.9);
      const window = { size: [2, 2], strides: [2, 2], pad: 'valid' } as const;
      const pooled = maxPool(tf, fusedActivation(tf, 'relu', y), window);
      const logits = tf.matMul(tf.reshape(pooled, [4, 128]), dense);
      return tf.mean(softmaxCrossEntropy(tf, logits, targets));
    };
    const { value, grads } = deferral.run(() =>
      tf.engine().gradients(loss as never, weights, undefined, true),
    );
    return [value, ...(grads as TfTensor[])].map((found) => Float32Array.from(found.dataSync()));
  });
}

describe.skipIf(missing)(`deferred ops ${missing ?? ''}`, async () => {
  const tf = missing === undefined ? await loadTensorFlow() : (undefined as never);
  const binding =
    missing === undefined ? (tf.backend() as unknown as { binding: CountingBinding }).binding : undefined!;
  const atOnce: Deferral = { run: (compute) => compute(), dispose: () => undefined };
  let held = 0;
  let deferral = atOnce;
  beforeEach(() => {
    held = binding.getNumOfTensors();
    deferral = deferralOf(tf);
  });
  afterEach(() => {
    deferral.dispose();
    expect(tf.memory().numTensors).toBe(0);
    expect(binding.getNumOfTensors()).toBe(held);
    expect(binding.getNumOfSavedModels()).toBe(0);
  });

  test('a step as one graph gives what single ops give, the first time and later, to the bit among themselves', () => {
    const single = step(tf, atOnce);
    const first = step(tf, deferral);
    expect(binding.getNumOfSavedModels()).toBe(1);
    expect(step(tf, deferral)).toEqual(first);
    const other = deferralOf(tf);
    expect(step(tf, other)).toEqual(first);
    other.dispose();
    expect(binding.getNumOfSavedModels()).toBe(1);
    first.forEach((values, i) =>
      values.forEach((value, e) => expect(Math.abs(value - single[i][e])).toBeLessThan(1e-5)),
    );
    expect(step(tf, deferral, 0.5)).not.toEqual(first);
  });

  test('a value that is read on the way is there', () => {
    const found = tf.tidy(() =>
      deferral.run(() => {
        const sum = tf.add(tf.tensor1d([1, 2]), 3);
        const [read] = sum.dataSync();
        return [read, ...tf.mul(sum, read).dataSync()];
      }),
    );
    expect(found).toEqual([4, 16, 20]);
  });

  test('tensors outlive the ops that made them, and what was disposed of is still an operand of those that wait', () => {
    const kept = deferral.run(() => {
      const x = tf.tensor1d([1, 2, 3]);
      const y = tf.square(x);
      const z = tf.add(y, 1);
      x.dispose();
      y.dispose();
      return z;
    });
    expect([...kept.dataSync()]).toEqual([2, 5, 10]);
    const more = deferral.run(() => tf.mul(kept, 2));
    kept.dispose();
    expect([...more.dataSync()]).toEqual([4, 10, 20]);
    more.dispose();
  });

  test('shapes and axes that change from step to step make graphs of their own, some of which are kept', () => {
    for (let size = 1; size <= 20; size++) {
      const found = tf.tidy(() => [...deferral.run(() => tf.sum(tf.fill([size, 2], size), 0)).dataSync()]);
      expect(found).toEqual([size * size, size * size]);
    }
    expect(binding.getNumOfSavedModels()).toBe(16);
  });

  test('labels that change from step to step are fed to one graph', () => {
    for (let label = 0; label < 20; label++) {
      const labels = tf.tensor1d([label, 3], 'int32');
      const rows = tf.tidy(() => [
        ...deferral.run(() => tf.argMax(tf.oneHot(labels, 20), 1), [labels]).dataSync(),
      ]);
      expect(rows).toEqual([label, 3]);
      labels.dispose();
    }
    expect(binding.getNumOfSavedModels()).toBe(1);
  });

  test('ops whose shapes hang on values never wait', async () => {
    const mask = tf.tensor1d([0, 1, 1], 'bool');
    const indices = await deferral.run(() => tf.whereAsync(mask));
    expect(indices.shape).toEqual([2, 1]);
    expect([...indices.dataSync()]).toEqual([1, 2]);
    mask.dispose();
    indices.dispose();
  });

  test('what does not fit is refused where it is called, and earlier results are there', () => {
    let earlier: TfTensor | undefined;
    const bad = () =>
      deferral.run(() =>
        tf.tidy(() => {
          earlier = tf.keep(tf.add(tf.tensor1d([1, 2]), 1));
          tf.matMul(tf.ones([2, 3]), tf.ones([2, 3]));
        }),
      );
    expect(bad).toThrow(/size-incompatible/);
    expect([...earlier!.dataSync()]).toEqual([2, 3]);
    earlier!.dispose();
  });
});
