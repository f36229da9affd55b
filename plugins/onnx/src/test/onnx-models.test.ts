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

  const beside = (path: string) => Promise.resolve(new Uint8Array(readFileSync(join(folder, path))));
  const read = (name: string): Promise<Model> =>
    readOnnxModel(readFileSync(join(folder, `${name}.onnx`)), { readBeside: beside });

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

  it('what is chosen by a condition has no transpose, and of an If both branches are there', async () => {
    expect(await opsOf('where_Less')).toEqual(['conv2d', 'less', 'relu', 'where', 'cast']);
    const ops = await opsOf('computed_condition');
    expect(ops.filter((name) => name === 'where')).toHaveLength(2);
    expect(ops).toContain('conv2d');
  });

  it('a model that computes with the number of examples is read for one', async () => {
    expect((await read('number_of_examples')).metadata).toMatchObject({ 'onnx/batch': '1' });
    expect((await read('where_Less')).metadata).not.toHaveProperty('onnx/batch');
  });

  it('a channel shuffle has one transpose', async () => {
    const ops = await opsOf('channel_shuffle');
    expect(ops).toEqual(['conv2d', 'reshape', 'transpose', 'reshape', 'conv2d']);
  });

  it('tensors in another file are read from beside, and refused where there is no folder or the file is short', async () => {
    const bytes = readFileSync(join(folder, 'external_data.onnx'));
    await expect(readOnnxModel(bytes)).rejects.toMatchObject({ code: 'FORMAT_INVALID' });
    const short = async (path: string) => (await beside(path)).subarray(0, 100);
    await expect(readOnnxModel(bytes, { readBeside: short })).rejects.toMatchObject({
      code: 'FORMAT_INVALID',
    });
  });

  it('what cannot be read is named, all of it', async () => {
    const bytes = readFileSync(join(folder, 'attention.onnx'));
    const text = Buffer.from(bytes)
      .toString('latin1')
      .replaceAll('MatMul', 'MatMud')
      .replaceAll('Softmax', 'Softmux');
    await expect(readOnnxModel(Buffer.from(text, 'latin1'))).rejects.toMatchObject({
      code: 'OP_UNSUPPORTED',
      problems: { length: 7 },
    });
  });

  it('extents that a file leaves open are told, or named', async () => {
    const bytes = readFileSync(join(folder, 'conv_17.onnx'));
    expect((await readOnnxModel(bytes, { batch: 3 })).values.get('in0')?.shape).toEqual([3, 9, 8, 4]);
    expect((await readOnnxModel(bytes, { shapes: [2, 4, 9, 8] })).values.get('in0')?.shape).toEqual([
      2, 9, 8, 4,
    ]);
    await expect(readOnnxModel(bytes, { shapes: [1, 4, 20, 10] })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
    // Two dimensions of the input, as messages of their own: 9 and 8 become 0.
    const at = bytes.indexOf(Uint8Array.of(0x0a, 2, 8, 9, 0x0a, 2, 8, 8));
    bytes[at + 3] = bytes[at + 7] = 0;
    await expect(readOnnxModel(bytes)).rejects.toMatchObject({
      code: 'SHAPE_OPEN',
      message: expect.stringContaining("'in0' [?, 4, ?, ?] (axes 2, 3)") as string,
    });
    const shapes = new Map([['in0', ['batch', 4, 20, 10] as const]]);
    expect((await readOnnxModel(bytes, { shapes })).values.get('in0')?.shape).toEqual(['batch', 20, 10, 4]);
  });

  it('images are NHWC, and the metadata says so', async () => {
    const model = await read('conv_13');
    expect(model.values.get(model.inputs[0].id)?.shape).toEqual(['batch', 9, 8, 4]);
    expect(model.metadata).toMatchObject({ 'onnx/axes/in0': '0,2,3,1' });
  });
});
