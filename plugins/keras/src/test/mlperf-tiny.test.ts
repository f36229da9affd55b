import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { float32, interpret, sizeOf } from '@whittle/core';
import { fileRuntimesUnavailable, runFile } from '@whittle/testkit';
import { readKerasModel } from '../index.js';
import { largestError } from './largest-error.fixture.js';

const folder = fileURLToPath(new URL('../../../../../shared/models/mlperf-tiny/', import.meta.url));

/** The float models of the MLPerf Tiny benchmark, where they lie beside the checkout. */
const models = [
  { file: 'ic_resnet8.h5', shape: [2, 32, 32, 3], largest: 255, nodes: 30 },
  { file: 'ad_autoencoder.h5', shape: [3, 640], largest: 20, nodes: 28 },
];

it.for(models)('$file computes what Keras computes', async ({ file, shape, largest, nodes }, context) => {
  const path = folder + file;
  if (!existsSync(path)) context.skip(`no ${path}`);
  const unavailable = fileRuntimesUnavailable();
  if (unavailable !== undefined && process.env.CI !== 'true') context.skip(unavailable);
  const bytes = readFileSync(path);
  const model = readKerasModel(bytes);
  expect(model.nodes).toHaveLength(nodes);
  const input = float32(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => (largest * ((i * 7919) % 1000)) / 1000),
  );
  const [expected] = await runFile('keras', bytes, [input]);
  const found = interpret(model, new Map([[model.inputs[0].id, input]]));
  expect(largestError(expected, found.get(model.outputs[0].id)!)).toBeLessThan(1e-4);
});
