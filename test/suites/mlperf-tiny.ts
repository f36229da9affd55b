import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bind } from '@whittle/core';
import { sequenceInputs } from '@whittle/testkit';
import type { Suite, SuiteCase } from '@whittle/testkit';
import { readTfliteModel } from '@whittle/tflite';

const folder = fileURLToPath(new URL('../../../shared/models/mlperf-tiny/', import.meta.url));

/** An int8 model of the MLPerf Tiny benchmark with what TensorFlow Lite Micro answers. */
export interface PublishedModel {
  readonly name: string;
  readonly path: string;
  /** CRC-32 of the outputs for pseudo-random input 1, and for inputs 1 to 32. */
  readonly crc32: { readonly sequence: string; readonly 'sequence:32': string };
}

const published = [
  { name: 'ic', file: 'ic_resnet8_int8.tflite', sequence: '930f0c26', 'sequence:32': '7ccfcdbb' },
  { name: 'kws', file: 'kws_dscnn_int8.tflite', sequence: '124a640e', 'sequence:32': 'f920d5fa' },
  { name: 'ad', file: 'ad_autoencoder_int8.tflite', sequence: '3d1a6596', 'sequence:32': '2b5435e7' },
] as const;

/** Those that lie beside the checkout, in shared/models/mlperf-tiny. */
export const mlperfTiny: readonly PublishedModel[] = published
  .map(({ name, file, ...crc32 }) => ({ name, path: join(folder, file), crc32 }))
  .filter(({ path }) => existsSync(path));

/** Why there is nothing to test. */
export const withoutModels = `no models in ${folder}`;

export const mlperfTinySuite: Suite = {
  name: 'mlperf-tiny',
  cases: () =>
    mlperfTiny.map(({ name, path }): SuiteCase => {
      const model = bind(readTfliteModel(readFileSync(path)), { batch: 1 });
      const inputs = Array.from({ length: 8 }, (_, i) => sequenceInputs(model, i + 1));
      return { name, model, inputs, tolerance: 'exact' };
    }),
};
