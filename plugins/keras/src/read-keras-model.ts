import type { Model, ReadContext } from '@whittle/core';
import { invalid, readModel, readNetworkConfig } from '@whittle/keras-network';
import { looksLikeArchive, unpackArchive } from './archive.js';
import { Hdf5File } from './hdf5/hdf5-file.js';
import { looksLikeHdf5 } from './hdf5/superblock.js';
import { readArchiveWeights } from './weights/archive-weights.js';
import { readLegacyWeights } from './weights/legacy-weights.js';

export type ReadKerasOptions = Pick<ReadContext, 'shapes'>;

/**
 * Reads a Keras model, `.h5` or `.keras`, as a float32 model: NHWC, the first axis of inputs the batch. Layers keep their
 * names, those in inner models with the model's name in front; weights are named as in 'conv1/kernel'. Layers that only
 * train (dropout, noise) leave nothing behind.
 * @throws FORMAT_INVALID where the file is damaged or holds no model; OP_UNSUPPORTED for layers that can't be read, all of
 * them at once, Lambda and classes of one's own among them: code in a file is never run; SHAPE_OPEN, OPTION_INVALID for shapes
 * that must be told, or that don't fit
 */
export function readKerasModel(bytes: Uint8Array, options: ReadKerasOptions = {}): Model {
  return looksLikeHdf5(bytes) ? readLegacy(bytes, options) : readArchive(bytes, options);
}

function readLegacy(bytes: Uint8Array, options: ReadKerasOptions): Model {
  const file = new Hdf5File(bytes);
  const text = file.text('', 'model_config');
  if (text === undefined) throw withoutModel(file);
  const version = file.text('', 'keras_version') ?? file.text('model_weights', 'keras_version') ?? '2';
  const network = readNetworkConfig(parse('model_config', text));
  const major = majorOf(version);
  return readModel(network, { ...options, major, weights: () => readLegacyWeights(file, network, major) });
}

/** Why a HDF5 file without a model's configuration isn't read. */
function withoutModel(file: Hdf5File) {
  const hasWeights = file.texts('', 'layer_names') !== undefined || file.hasGroup('layers');
  return invalid(
    'HDF5',
    hasWeights
      ? 'the file holds weights without a model (save_weights), expected one that model.save wrote'
      : 'no attribute model_config: no Keras model',
  );
}

function readArchive(bytes: Uint8Array, options: ReadKerasOptions): Model {
  if (!looksLikeArchive(bytes)) throw invalid('file', 'neither HDF5 nor a .keras archive');
  const members = unpackArchive(bytes);
  const text = (name: 'config.json' | 'metadata.json') => new TextDecoder().decode(members.get(name));
  const network = readNetworkConfig(parse('config.json', text('config.json')));
  const metadata = members.has('metadata.json') ? parse('metadata.json', text('metadata.json')) : undefined;
  const major = majorOf((metadata as { keras_version?: unknown } | undefined)?.keras_version ?? '3');
  const packed = members.get('model.weights.h5') ?? new Uint8Array();
  const file = new Hdf5File(packed, bytes.length);
  return readModel(network, { ...options, major, weights: () => readArchiveWeights(file, network) });
}

function parse(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(where, 'no valid JSON', error);
  }
}

function majorOf(version: unknown): number {
  const major = typeof version === 'string' ? Number.parseInt(version, 10) : NaN;
  return Number.isNaN(major) ? 3 : major;
}
