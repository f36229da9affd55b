import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createRandom } from '@whittle/core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fusedActivation } from '../kernels/activations.js';
import { applyBatchNorm, trainBatchNorm } from '../kernels/batch-norm.js';
import { biasAdd } from '../kernels/bias-add.js';
import { maxPool } from '../kernels/max-pool.js';
import { loadTensorFlow, tensorFlowUnavailable } from '../tensorflow.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { kernelModulePath } from './kernel-module.js';
import { useWasm } from './load-wasm.js';

const ready =
  process.env.CI === 'true' ||
  (existsSync(kernelModulePath) && (await tensorFlowUnavailable()) === undefined);

type Run = (tf: TensorFlow, inputs: TfTensor[]) => TfTensor;
interface Shapes {
  readonly name: string;
  readonly shapes: readonly number[][];
  readonly run: Run;
}

/** Numbers of channels for which the kernels have loops of their own, and what is left over from them. */
const widths = [1, 3, 4, 7, 8, 13, 16, 21, 32, 35];
const draw = createRandom(4).at('shapes');
const pick = <T>(values: readonly T[]): T => values[draw.int(values.length)];

const convolutions = Array.from({ length: 60 }, (_, i): Shapes => {
  const [height, width] = [1 + draw.int(11), 1 + draw.int(11)];
  const pad = pick(['same', 'valid'] as const);
  const size = (extent: number) => 1 + draw.int(pad === 'valid' ? Math.min(4, extent) : 4);
  const [rows, columns] = [size(height), size(width)];
  const strides: [number, number] = [1 + draw.int(3), 1 + draw.int(3)];
  const depthwise = i % 3 === 2;
  const [channels, out] = [pick(widths), depthwise ? 1 + draw.int(2) : pick(widths)];
  const both: [number, number] = [strides[0], strides[0]];
  return {
    name: `${depthwise ? 'depthwise' : 'conv'} ${i}: ${height}x${width}x${channels} by ${rows}x${columns} to ${out}, ${strides.join('x')}, ${pad}`,
    shapes: [
      [1 + draw.int(3), height, width, channels],
      [rows, columns, channels, out],
    ],
    run: (tf, [x, w]) =>
      depthwise
        ? tf.depthwiseConv2d(x as never, w as never, both, pad)
        : tf.conv2d(x as never, w as never, strides, pad),
  };
});

const pools = widths.map((channels): Shapes => {
  const size: [number, number] = [1 + draw.int(3), 1 + draw.int(3)];
  const strides: [number, number] = [1 + draw.int(3), 1 + draw.int(3)];
  return {
    name: `pools of ${channels} channels, ${size.join('x')} by ${strides.join('x')}`,
    shapes: [[2, 7, 6, channels]],
    run: (tf, [x]) =>
      tf.addN([
        maxPool(tf, x, { size, strides, pad: 'same' }),
        tf.maxPool(x as never, size, strides, 'same'),
        tf.avgPool(x as never, size, strides, 'same'),
      ]),
  };
});

const norms = widths.flatMap((channels) =>
  [true, false].map((training): Shapes => ({
    name: `${training ? 'training' : 'applying'} a batch norm of ${channels} channels, relu and bias`,
    // More rows than are summed in one run.
    shapes: [[3, 9, 10, channels], [channels], [channels], [channels]],
    run(tf, [x, scale, offset, bias]) {
      const [mean, variance] = [tf.fill([channels], 0.3), tf.fill([channels], 1.7)];
      const operands = { x: biasAdd(tf, x, bias), scale, offset, mean, variance };
      const y = training ? trainBatchNorm(tf, operands, 1e-3, 0.9).y : applyBatchNorm(tf, operands, 1e-3);
      return fusedActivation(tf, 'elu', y);
    },
  })),
);

describe.skipIf(!ready)('kernels in WebAssembly have the gradients of native TensorFlow', async () => {
  const tf = ready ? await loadTensorFlow() : (undefined as never);
  beforeAll(() => useWasm(tf, createRequire(import.meta.url)));
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test.each([...convolutions, ...pools, ...norms])('$name', async (c) => {
    const [native, wasm] = [await gradientsOn('tensorflow', c), await gradientsOn('wasm', c)];
    native.forEach((expected, k) => {
      const scale = 1e-4 * (1 + expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
      expect(wasm[k]).toHaveLength(expected.length);
      const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - wasm[k][i])), 0);
      expect(worst).toBeLessThan(scale);
    });
  });

  /** The value, and the gradients with respect to all inputs. */
  async function gradientsOn(backend: string, { name, shapes, run }: Shapes): Promise<Float32Array[]> {
    await tf.setBackend(backend);
    const stream = createRandom(6).at(name);
    const random = (shape: number[]) => {
      const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => stream.normal());
      return tf.tensor(data, shape);
    };
    let found: Float32Array[] = [];
    tf.tidy(() => {
      const inputs = shapes.map(random);
      const y = run(tf, inputs);
      const weights = random(y.shape);
      const objective = () => tf.sum(tf.mul(run(tf, inputs), weights));
      const { grads } = tf.engine().gradients(objective, inputs, undefined, true);
      found = [y, ...(grads as TfTensor[])].map((value) => Float32Array.from(value.dataSync()));
    });
    return found;
  }
});
