import { definePlugin } from '@whittle/core';
import type { Reader } from '@whittle/core';
import { looksLikeModelJson } from './file/read-model-json.js';
import { readTfjsModel } from './read-tfjs-model.js';

/** Recognized as a JSON object with a topology or a list of weights. */
export const tfjsReader: Reader = {
  format: 'tfjs',
  extensions: ['json'],
  recognizes: looksLikeModelJson,
  read: (bytes, { readBeside, shapes }) => readTfjsModel(bytes, readBeside, { shapes }),
};

/** TensorFlow.js models, read. */
export const tfjsPlugin = definePlugin({ name: 'tfjs', readers: [tfjsReader] });
