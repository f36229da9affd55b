import { createRandom } from '@whittle/core';
import { afterEach, describe, expect, test } from 'vitest';
import { loadTensorFlow, tensorFlowUnavailable } from '../tensorflow.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { fusedActivation } from './activations.js';
import { applyBatchNorm, trainBatchNorm } from './batch-norm.js';
import { biasAdd } from './bias-add.js';
import { maxPool } from './max-pool.js';
import { softmaxCrossEntropy } from './softmax-cross-entropy.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();

type Kernel = (tf: TensorFlow, inputs: readonly TfTensor[]) => TfTensor;
interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly kernel: Kernel;
  /** Of the inputs that have a gradient; all unless told. */
  readonly differentiable?: readonly number[];
  readonly positive?: readonly number[];
}

const image = [3, 4, 4, 2];
const channels = [[2], [2], [2], [2]];
const cases: Case[] = [
  ...(['relu', 'relu6', 'elu', 'sigmoid', 'tanh'] as const).map((name) => ({
    name,
    shapes: [[40]],
    kernel: ((tf, [x]) => fusedActivation(tf, name, tf.mul(x, 4))) as Kernel,
  })),
  { name: 'bias add', shapes: [image, [2]], kernel: (tf, [x, bias]) => biasAdd(tf, x, bias) },
  {
    name: 'batch norm in training, rank 4',
    shapes: [image, ...channels],
    kernel: (tf, [x, scale, offset, mean, variance]) =>
      trainBatchNorm(tf, { x, scale, offset, mean, variance }, 1e-3, 0.9).y,
    differentiable: [0, 1, 2],
    positive: [4],
  },
  {
    name: 'batch norm in training, rank 2',
    shapes: [[12, 2], ...channels],
    kernel: (tf, [x, scale, offset, mean, variance]) =>
      trainBatchNorm(tf, { x, scale, offset, mean, variance }, 1e-3, 0.9).y,
    differentiable: [0, 1, 2],
    positive: [4],
  },
  {
    name: 'batch norm in inference',
    shapes: [image, ...channels],
    kernel: (tf, [x, scale, offset, mean, variance]) =>
      applyBatchNorm(tf, { x, scale, offset, mean, variance }, 1e-3),
    differentiable: [0, 1, 2],
    positive: [4],
  },
  {
    name: 'max pool 2 x 2',
    shapes: [image],
    kernel: (tf, [x]) => maxPool(tf, x, { size: [2, 2], strides: [2, 2], pad: 'valid' }),
  },
  {
    name: 'max pool 3 x 2, same, overlapping',
    shapes: [image],
    kernel: (tf, [x]) => maxPool(tf, x, { size: [3, 2], strides: [1, 2], pad: 'same' }),
  },
  {
    name: 'softmax cross entropy',
    shapes: [
      [6, 5],
      [6, 5],
    ],
    kernel: (tf, [logits, targets]) => softmaxCrossEntropy(tf, logits, tf.softmax(targets)),
    differentiable: [0],
  },
];

/** A scalar of the kernel's result whose gradient is not the same everywhere. */
function weigh(tf: TensorFlow, y: TfTensor): TfTensor {
  const stream = createRandom(7).at('weights');
  return tf.sum(
    tf.mul(
      y,
      tf.tensor(
        Float32Array.from({ length: y.size }, () => stream.normal()),
        y.shape,
      ),
    ),
  );
}

function draw({ name, shapes, positive = [] }: Case): Float32Array[] {
  const stream = createRandom(3).at(name);
  return shapes.map((shape, i) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
      const value = stream.normal();
      return positive.includes(i) ? 0.5 + Math.abs(value) : value;
    }),
  );
}

function evaluate(tf: TensorFlow, { shapes, kernel }: Case, data: readonly Float32Array[]): number {
  return tf.tidy(
    () =>
      weigh(
        tf,
        kernel(
          tf,
          data.map((d, i) => tf.tensor(d.slice(), [...shapes[i]])),
        ),
      ).dataSync()[0],
  );
}

function gradients(tf: TensorFlow, { shapes, kernel }: Case, data: readonly Float32Array[]) {
  let found: Float32Array[] = [];
  let value = new Float32Array();
  tf.tidy(() => {
    const inputs = data.map((d, i) => tf.tensor(d.slice(), [...shapes[i]]));
    value = Float32Array.from(kernel(tf, inputs).dataSync());
    const { grads } = tf.engine().gradients(() => weigh(tf, kernel(tf, inputs)), inputs, undefined, true);
    found = grads.map((g?: TfTensor) => Float32Array.from(g?.dataSync() ?? []));
  });
  return { value, gradients: found };
}

describe.skipIf(missing)(`fused kernels ${missing ?? ''}`, async () => {
  const tf = missing === undefined ? await loadTensorFlow() : (undefined as never);
  afterEach(() => {
    tf.setBackend('tensorflow');
    expect(tf.memory().numTensors).toBe(0);
  });

  test.each(cases)('$name: the gradient is that of finite differences', (c) => {
    const data = draw(c);
    const { gradients: found } = gradients(tf, c, data);
    const h = 1e-2;
    for (const input of c.differentiable ?? c.shapes.map((_, i) => i))
      for (let i = 0; i < data[input].length; i++) {
        const at = (delta: number) =>
          evaluate(
            tf,
            c,
            data.map((d, k) => (k === input ? d.map((v, e) => (e === i ? v + delta : v)) : d)),
          );
        const slope = (at(h) - at(-h)) / (2 * h);
        const curved = Math.abs(at(h) + at(-h) - 2 * at(0)) / h;
        // Where the function has a kink within h, either one-sided slope is right.
        expect(Math.abs(found[input][i] - slope)).toBeLessThan(0.02 + 0.02 * Math.abs(slope) + curved);
      }
  });

  test.each(cases)('$name: other backends compose the same', (c) => {
    const data = draw(c);
    const native = gradients(tf, c, data);
    tf.setBackend('cpu');
    const composed = gradients(tf, c, data);
    const close = (a: Float32Array, b: Float32Array) =>
      a.forEach((value, i) => expect(Math.abs(value - b[i])).toBeLessThan(1e-4 + 1e-4 * Math.abs(value)));
    close(native.value, composed.value);
    for (const input of c.differentiable ?? c.shapes.map((_, i) => i))
      close(native.gradients[input], composed.gradients[input]);
  });

  test('batch norm takes the statistics of the batch into the running ones, the variance by n - 1', () => {
    const x = Float32Array.from([1, 10, 2, 20, 3, 60]);
    const run = () => {
      const results: number[][] = [];
      tf.tidy(() => {
        const { mean, variance } = trainBatchNorm(
          tf,
          {
            x: tf.tensor(x, [3, 2]),
            scale: tf.ones([2]),
            offset: tf.zeros([2]),
            mean: tf.zeros([2]),
            variance: tf.ones([2]),
          },
          1e-3,
          0.75,
        );
        results.push([...mean.dataSync()], [...variance.dataSync()]);
      });
      return results;
    };
    const expected = [
      [0.25 * 2, 0.25 * 30],
      [0.75 + 0.25 * 1, 0.75 + 0.25 * 700],
    ];
    for (const backend of ['tensorflow', 'cpu']) {
      tf.setBackend(backend);
      run().forEach((row, r) => row.forEach((v, i) => expect(v).toBeCloseTo(expected[r][i], 3)));
    }
  });
});
