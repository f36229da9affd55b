import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '@whittle/core';
import { fileRuntimesUnavailable, runPython } from '@whittle/testkit';
import { readOnnxModel } from '../index.js';
import { faultOf } from './model-cases.fixture.js';
import type { ModelCase } from './model-cases.fixture.js';

const unavailable = fileRuntimesUnavailable();
const script = fileURLToPath(new URL('./onnx_models.fixture.py', import.meta.url));

describe.skipIf(unavailable !== undefined && process.env.CI !== 'true')('ONNX models', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-onnx-'));
  let cases: readonly ModelCase[];
  beforeAll(async () => {
    await runPython(script, [folder]);
    cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as typeof cases;
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (name: string): Promise<Model> => readOnnxModel(readFileSync(join(folder, `${name}.onnx`)));

  it('compute what ONNX Runtime computes', async () => {
    expect(cases.length).toBeGreaterThan(300);
    const wrong: string[] = [];
    for (const each of cases) {
      try {
        const fault = faultOf(each, await read(each.name));
        if (fault !== undefined) wrong.push(`${each.name}: ${fault}`);
      } catch (error) {
        wrong.push(`${each.name}: ${String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  const opsOf = async (name: string) => (await read(name)).nodes.map(({ op }) => op.name);

  it.each([
    ['flatten_dense', ['conv2d', 'reshape', 'relu', 'batch_norm', 'mul', 'add', 'dense', 'softmax']],
    ['computed_flatten', ['conv2d', 'max_pool2d', 'reshape', 'dense']],
    ['squeeze_excite_dense', ['mean', 'dense', 'dense', 'sigmoid', 'reshape', 'mul']],
    ['convnext', ['depthwise_conv2d', 'layer_norm', 'dense', 'dense', 'add']],
    ['temporal', ['reshape', 'conv2d', 'batch_norm', 'relu', 'conv2d', 'max_pool2d', 'reshape', 'dense']],
    ['channels_last_inside', ['conv2d']],
    ['erf_gelu', ['gelu']],
    ['swish', ['swish']],
    ['spelled_hard_swish', ['hard_swish']],
    ['spelled_layer_norm', ['layer_norm']],
    ['focus', ['slice', 'slice', 'slice', 'slice', 'concat', 'conv2d']],
  ])('%s has no transpose, and nothing else in the way', async (name, ops) => {
    expect(await opsOf(name)).toEqual(ops);
  });

  it('a channel shuffle has one transpose', async () => {
    const ops = await opsOf('channel_shuffle');
    expect(ops).toEqual(['conv2d', 'reshape', 'transpose', 'reshape', 'conv2d']);
  });

  it('images are NHWC, and the metadata says so', async () => {
    const model = await read('conv_13');
    expect(model.values.get(model.inputs[0].id)?.shape).toEqual(['batch', 9, 8, 4]);
    expect(model.metadata).toMatchObject({ 'onnx/axes/in0': '0,2,3,1' });
  });
});
