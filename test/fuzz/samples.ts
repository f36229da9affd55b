import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { saveModel } from '@whittle/core';
import { randomModel, runPython } from '@whittle/testkit';
import { emitTflite } from '@whittle/tflite';
import { join } from 'node:path';
import { quantizedModel } from '../random/integer-checks.js';
import { tfjsSamples } from './tfjs-samples.js';
import { wakeWords } from '../suites/wake-words.js';

/** A whole file that a reader takes, to be damaged. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Files that it names, by path. They stay as they are. */
  readonly beside?: Readonly<Record<string, Uint8Array>>;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const onnxNames = ['flatten_dense', 'focus', 'attention', 'decoder', 'quantized_weights', 'conv_21'];
const kerasNames = [
  'functional.h5',
  'recurrent.h5',
  'tensorflow_functions.h5',
  'functional.keras',
  'recurrent.keras',
];

/** Files of each format, small enough that a thousand of them are read in seconds; by the reader's name for the format. */
export async function samplesOf(format: string): Promise<readonly Sample[]> {
  switch (format) {
    case 'whittle':
      return [3, 12027, 17].map((seed) => ({
        name: `seed ${seed}`,
        bytes: saveModel(randomModel(seed).model),
      }));
    case 'tflite':
      return tfliteSamples();
    case 'keras':
      return kerasNames.map((name) => ({
        name,
        bytes: new Uint8Array(readFileSync(at(`../../plugins/keras/src/test/keras2/${name}`))),
      }));
    case 'onnx':
      return onnxSamples();
    case 'tfjs':
      return tfjsSamples;
    default:
      throw new Error(`there is no file of the format ${format} to be damaged: add one`);
  }
}

/** Float and integer models, of LSTM and SVDF too, and a published one that streams. */
async function tfliteSamples(): Promise<Sample[]> {
  const models = [
    ...[1, 12027, 17].map((seed) => ({ name: `seed ${seed}`, model: randomModel(seed).model })),
    ...[2, 8].map(async (seed) => ({
      name: `int8, seed ${seed}`,
      model: (await quantizedModel(seed, 'int8')).model,
    })),
  ];
  const written: Sample[] = [];
  for (const each of models) {
    const { name, model } = await each;
    written.push({ name, bytes: await emitTflite(model) });
  }
  return [...written, ...wakeWords.slice(0, 1)];
}

/** Some of the models that the ONNX reader is tested with. */
async function onnxSamples(): Promise<Sample[]> {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-fuzz-onnx-'));
  try {
    await runPython(at('../../plugins/onnx/src/test/onnx_models.fixture.py'), [folder]);
    return onnxNames.map((name) => ({
      name,
      bytes: new Uint8Array(readFileSync(join(folder, `${name}.onnx`))),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
