import { WhittleError, definePlugin } from '@whittle/core';
import type { Backend, Reader } from '@whittle/core';
import { emitTflite } from './emit/emit-tflite.js';
import { tfliteLowerings } from './emit/lowerings.js';
import { weightStorages } from './emit/stored-weights.js';
import type { WeightStorage } from './emit/stored-weights.js';
import { readTfliteModel } from './read/read-tflite-model.js';

/** Recognized by the file identifier, whatever the name. */
export const tfliteReader: Reader = {
  format: 'tflite',
  extensions: ['tflite'],
  recognizes: (bytes) => bytes.length >= 8 && String.fromCharCode(...bytes.subarray(4, 8)) === 'TFL3',
  read: (bytes, { shapes }) => readTfliteModel(bytes, { shapes }),
};

/** Writes `model.tflite`. Options: `names`, `signature` and `weights`, as of `emitTflite`. */
export const tfliteBackend: Backend = {
  target: 'tflite',
  description: 'a .tflite file for LiteRT and TensorFlow Lite Micro',
  options: ['names', 'signature', 'weights'],
  async emit(model, { lowerings, options }) {
    const { names = 'all', signature = true, weights = 'float32' } = options;
    if (names !== 'all' && names !== 'boundary') throw invalidOption('names', names, "'all' or 'boundary'");
    if (typeof signature !== 'boolean' && (typeof signature !== 'string' || signature === ''))
      throw invalidOption('signature', signature, 'a name, true or false');
    if (!isWeightStorage(weights)) throw invalidOption('weights', weights, weightStorages.join(', '));
    const bytes = await emitTflite(model, { lowerings, names, signature, weights });
    return {
      files: new Map([['model.tflite', bytes]]),
      main: 'model.tflite',
      report: { bytes: bytes.length },
    };
  },
};

function isWeightStorage(value: unknown): value is WeightStorage {
  return weightStorages.some((storage) => storage === value);
}

function invalidOption(name: string, found: unknown, expected: string): WhittleError {
  return new WhittleError('OPTION_INVALID', `${name}: found ${JSON.stringify(found)}, expected ${expected}`, {
    plugin: 'tflite',
  });
}

/** .tflite in and out. */
export const tflitePlugin = definePlugin({
  name: 'tflite',
  readers: [tfliteReader],
  backends: [tfliteBackend],
  lowerings: tfliteLowerings,
});
