import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { InputShapes } from '@whittle/core';
import { findPython } from '@whittle/testkit';
import type { FileRuntime } from '@whittle/testkit';
import { wakeWords } from '../suites/wake-words.js';

/** A real model's file, and the runtime that it was made for. */
export interface CorpusModel {
  /** The file's name. */
  readonly name: string;
  /** The package that ships it, with its version. */
  readonly source: string;
  readonly bytes: Uint8Array;
  readonly runtime: FileRuntime | 'tfjs';
  /** Reads a file that it names, beside it. */
  readonly readBeside?: (name: string) => Promise<Uint8Array>;
  /** Shapes of inputs, where the file leaves extents open. */
  readonly shapes?: InputShapes;
  /** How far it may be from its own runtime, and why, where that isn't 1e-4 of the largest value or a step. */
  readonly allowance?: {
    readonly largest: number;
    readonly reason: string;
    /** What is written of it may be as far from what was read, on other runtimes. */
    readonly whenWritten?: boolean;
  };
  /** Why it can't be read, as the error says. */
  readonly unreadable?: string;
}

/** What is known of some models, by file, with the folder where names are common. */
const notes: Readonly<Record<string, Pick<CorpusModel, 'shapes' | 'allowance' | 'unreadable'>>> = {
  'multistyle26.onnx': {
    shapes: new Map([
      ['image', [1, 3, 64, 64]],
      ['style_weights', [26]],
    ]),
  },
  'arbitrary_predict.onnx': {
    allowance: {
      largest: 0.015,
      whenWritten: true,
      reason: 'rounds its activations to 8 bits: up to two steps of the output, see above',
    },
  },
  'kws_dscnn_float.tflite': {
    allowance: { largest: 0.01, reason: 'has int8 weights, for which LiteRT rounds activations too' },
  },
  'kws_dscnn_int8.tflite': { allowance: { largest: 4, reason: "LiteRT's steps add up" } },
  'ic_resnet8_int8.tflite': { allowance: { largest: 4, reason: "LiteRT's steps add up" } },
  // A tenth of a second of audio.
  'melspectrogram.tflite': { shapes: ['batch', 1760] },
  '@upscalerjs+default-model/model.json': { shapes: ['batch', 24, 20, 3] },
  'selfie_segmentation.tflite': { unreadable: 'no op for custom:Convolution2DTransposeBias' },
  'selfie_segmentation_landscape.tflite': { unreadable: 'no op for custom:Convolution2DTransposeBias' },
};

interface Listed {
  readonly registry: string;
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
  /** Whether they are modules for bundlers, which set-up turns into the files that they stand for. */
  readonly modules?: boolean;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const list = JSON.parse(readFileSync(at('../../tools/setup/corpus.json'), 'utf8')) as readonly Listed[];
const downloaded = at('../../.cache/models');
const mlperfTiny = at('../../../shared/models/mlperf-tiny');
const mlperfTinyFiles = [
  'ad_autoencoder.h5',
  'ad_autoencoder_float.tflite',
  'ad_autoencoder_int8.tflite',
  'ic_resnet8.h5',
  'ic_resnet8_float.tflite',
  'ic_resnet8_int8.tflite',
  'kws_dscnn_float.tflite',
  'kws_dscnn_int8.tflite',
];

const runtimes: Readonly<Record<string, CorpusModel['runtime']>> = {
  tflite: 'litert',
  onnx: 'onnxruntime',
  h5: 'keras',
  keras: 'keras',
  json: 'tfjs',
};
const runtimeOf = (path: string) => runtimes[path.slice(path.lastIndexOf('.') + 1)];

/** Why there is nothing to read: the packages are downloaded by set-up. */
export function withoutCorpus(): string | undefined {
  if (!existsSync(downloaded)) return `no models in ${downloaded}: run npm run setup`;
  return findPython() ? undefined : 'no Python environment';
}

/** The real models at hand, by package. */
export function corpus(): CorpusModel[] {
  const packages = list.flatMap(({ registry, name, version, files, modules }) =>
    (modules ? files.map((file) => file.replace('model.min.js', 'model.json')) : files)
      .filter((file) => runtimeOf(file) !== undefined)
      .map((file) =>
        model(join(downloaded, name.replace('/', '+'), basename(file)), `${name} ${version} (${registry})`),
      ),
  );
  const words = wakeWords.map(({ name, bytes }): CorpusModel => ({
    name: `${name}.tflite`,
    source: 'pymicro-wakeword 2.5.0 (pypi)',
    bytes,
    runtime: 'litert',
  }));
  const beside = mlperfTinyFiles
    .map((file) => join(mlperfTiny, file))
    .filter(existsSync)
    .map((path) => model(path, 'MLPerf Tiny'));
  return [...packages, ...words, ...beside];
}

function model(path: string, source: string): CorpusModel {
  const name = basename(path);
  return {
    name,
    source,
    bytes: readFileSync(path),
    runtime: runtimeOf(name),
    readBeside: (file) => readFile(join(dirname(path), file)),
    ...(notes[name] ?? notes[`${basename(dirname(path))}/${name}`]),
  };
}
