import { definePlugin } from '@whittle/core';
import type { Reader } from '@whittle/core';
import { looksLikeArchive } from './archive.js';
import { looksLikeHdf5 } from './hdf5/superblock.js';
import { readKerasModel } from './read-keras-model.js';

/** Recognized by HDF5's signature, or as a zip archive with a configuration and weights in it. */
export const kerasReader: Reader = {
  format: 'keras',
  extensions: ['keras', 'h5', 'hdf5'],
  recognizes: (bytes) => looksLikeHdf5(bytes) || looksLikeArchive(bytes),
  read: (bytes, { shapes }) => readKerasModel(bytes, { shapes }),
};

/** Keras models, read. */
export const kerasPlugin = definePlugin({ name: 'keras', readers: [kerasReader] });
