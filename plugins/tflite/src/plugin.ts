import { definePlugin } from '@whittle/core';
import type { Backend, Reader } from '@whittle/core';
import { readTflite } from '@whittle/tflite-schema';
import { emitTflite } from './emit/emit-tflite.js';
import { tfliteLowerings } from './emit/lowerings.js';
import type { WeightStorage } from './emit/stored-weights.js';
import { parseTfliteOptions, tfliteOptionNames } from './emit/tflite-options.js';
import { readTfliteModel } from './read/read-tflite-model.js';
import { weightStorageOf } from './weight-storage.js';

/** Recognized by the file identifier, whatever the name. */
export const tfliteReader: Reader = {
  format: 'tflite',
  extensions: ['tflite'],
  recognizes: (bytes) => bytes.length >= 8 && String.fromCharCode(...bytes.subarray(4, 8)) === 'TFL3',
  read: (bytes, { shapes }) => readTfliteModel(bytes, { shapes }),
  storedOptions: (bytes) => {
    const weights = weightStorageOf(readTflite(bytes));
    return weights === 'float32' ? {} : { weights };
  },
};

/** Writes `model.tflite`. Options: `names`, `signature` and `weights`, as of `emitTflite`. */
export const tfliteBackend: Backend = {
  target: 'tflite',
  description: 'a .tflite file for LiteRT and TensorFlow Lite Micro',
  options: tfliteOptionNames,
  checkOptions: (options) => void parseTfliteOptions(options),
  async emit(model, { lowerings, options: given }) {
    const options = parseTfliteOptions(given);
    const bytes = await emitTflite(model, { lowerings, ...options });
    const notes = withoutEffect(options.weights, bytes);
    return {
      files: new Map([['model.tflite', bytes]]),
      main: 'model.tflite',
      report: { bytes: bytes.length, ...(notes.length > 0 && { notes }) },
    };
  },
};

/** What can be stored in each way. */
const storable: Readonly<Record<Exclude<WeightStorage, 'float32'>, string>> = {
  float16: 'float constant of 64 elements or more, within the range of float16',
  'dynamic-range': 'convolution or dense layer with float activations that alone uses its float weight',
};

/** Says that no weights are stored as was asked for. */
function withoutEffect(weights: WeightStorage, bytes: Uint8Array): string[] {
  if (weights === 'float32' || weightStorageOf(readTflite(bytes)) === weights) return [];
  return [`weights as ${weights} changed nothing: the model has no ${storable[weights]}`];
}

/** .tflite in and out. */
export const tflitePlugin = definePlugin({
  name: 'tflite',
  readers: [tfliteReader],
  backends: [tfliteBackend],
  lowerings: tfliteLowerings,
});
