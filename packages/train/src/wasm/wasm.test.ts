import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { interpret } from '@whittle/core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  build,
  buildShifted,
  gradientsOf,
  namedCases,
  normal,
  objectiveOf,
} from '../lowerings/case-model.fixture.js';
import type { Case } from '../lowerings/op-cases.fixture.js';
import { NetworkState } from '../network-state.js';
import { loadTensorFlow, tensorFlowUnavailable } from '../tensorflow.js';
import { tfjsEvaluator } from '../tfjs-evaluator.js';
import { kernelModulePath } from './kernel-module.js';
import { useWasm } from './load-wasm.js';

const ready =
  process.env.CI === 'true' ||
  (existsSync(kernelModulePath) && (await tensorFlowUnavailable()) === undefined);

describe.skipIf(!ready)('lowerings in WebAssembly', async () => {
  const tf = ready ? await loadTensorFlow() : (undefined as never);
  beforeAll(() => useWasm(tf, createRequire(import.meta.url)));
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test.each(namedCases)('%s computes what the interpreter does', async (_, c) => {
    await tf.setBackend('wasm');
    const model = build(c);
    const feeds = new Map([['x', normal('x', [3, ...c.input])]]);
    const expected = interpret(model, feeds).get('y')!;
    const found = (await (await tfjsEvaluator({ batch: 2 })).run(model, feeds, ['y'])).get('y')!;
    expect(found.shape).toEqual(expected.shape);
    expect(found.dtype).toBe(expected.dtype);
    expected.data.forEach((value: number | bigint, i: number) =>
      expect(Math.abs(Number(found.data[i]) - Number(value))).toBeLessThan(
        1e-5 * (1 + Math.abs(Number(value))),
      ),
    );
  });

  const trainable = namedCases.filter(([, c]) => !c.untrained);
  test.each(trainable)('%s has the gradients of native TensorFlow', async (_, c) => {
    const [native, wasm] = [await gradientsOn('tensorflow', c), await gradientsOn('wasm', c)];
    expect(wasm.map(({ length }) => length)).toEqual(native.map(({ length }) => length));
    native.forEach((expected, p) => {
      const scale = 1e-4 * (1 + expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
      expected.forEach((value, i) => expect(Math.abs(wasm[p][i] - value)).toBeLessThan(scale));
    });
  });

  async function gradientsOn(backend: string, c: Case): Promise<readonly Float32Array[]> {
    await tf.setBackend(backend);
    const network = await NetworkState.create(tf, buildShifted(c), 'training');
    try {
      return gradientsOf(tf, network, objectiveOf(tf, network, c));
    } finally {
      network.dispose();
    }
  }
});
