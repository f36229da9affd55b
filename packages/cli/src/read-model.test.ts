import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { float32, sizeOf } from '@whittle/core';
import { jsonOf, runMain, temporaryFolder } from './whittle.fixture.js';

/** A dense layer of TensorFlow.js, 3 to 2, whose weights are in two shards. */
function writeDense(folder: string): { readonly path: string; readonly jsonBytes: number } {
  const dense = { name: 'd', units: 2, activation: 'linear', use_bias: true, batch_input_shape: [null, 3] };
  const config = { name: 'm', layers: [{ class_name: 'Dense', config: dense }] };
  const weights = [
    { name: 'd/kernel', shape: [3, 2], dtype: 'float32' },
    { name: 'd/bias', shape: [2], dtype: 'float32' },
  ];
  const json = JSON.stringify({
    format: 'layers-model',
    modelTopology: {
      keras_version: '2.1.6',
      backend: 'tensor_flow.js',
      model_config: { class_name: 'Sequential', config },
    },
    weightsManifest: [{ paths: ['a.bin', './b.bin'], weights }],
  });
  const data = weights.flatMap(({ shape }) => [
    ...float32(shape, new Float32Array(sizeOf(shape)).fill(0.5)).data,
  ]);
  const bytes = new Uint8Array(Float32Array.from(data).buffer);
  writeFileSync(join(folder, 'model.json'), json);
  writeFileSync(join(folder, 'a.bin'), bytes.subarray(0, 20));
  writeFileSync(join(folder, 'b.bin'), bytes.subarray(20));
  return { path: join(folder, 'model.json'), jsonBytes: json.length };
}

it('counts the files beside the model as a part of it', async () => {
  const folder = temporaryFolder();
  const { path, jsonBytes } = writeDense(folder);
  const fileBytes = jsonBytes + 4 * (3 * 2 + 2);
  const inspected = await runMain('inspect', path, '--json');
  expect(inspected.code, inspected.err).toBe(0);
  expect(jsonOf(inspected)).toMatchObject({ fileBytes, parameters: 8 });
  const out = join(folder, 'dense.tflite');
  expect(jsonOf(await runMain('convert', path, out, '--json'))).toMatchObject({ fileBytes });
});
