import { isWhittleError, throwProblems, verify } from '@whittle/core';
import type { Model, WhittleError } from '@whittle/core';
import type { NetworkConfig } from './config/network-config.js';
import { readNetworkConfig } from './config/read-network-config.js';
import { invalid, unsupported } from './faults.js';
import { looksLikeArchive, unpackArchive } from './file/archive.js';
import { looksLikeHdf5, withHdf5 } from './file/hdf5-file.js';
import type { Hdf5File } from './file/hdf5-file.js';
import { GraphWriter } from './graph/graph-writer.js';
import { readNetwork } from './graph/read-network.js';
import type { InputShapes } from './graph/read-input.js';
import { readerOf, whyUnread } from './layers/readers.js';
import { readArchiveWeights } from './weights/archive-weights.js';
import type { LayerWeights } from './weights/layer-weights.js';
import { readLegacyWeights } from './weights/legacy-weights.js';

export interface ReadKerasOptions {
  /** Shapes of inputs, without the batch, where the file leaves extents open. */
  readonly shapes?: InputShapes;
}

/** What a model's own checks throw where the file is at fault. */
const faults = ['MODEL_INVALID', 'SHAPE_MISMATCH', 'OPTION_INVALID'];

/**
 * Reads a Keras model, `.h5` or `.keras`, as a float32 model: NHWC, the first axis of inputs the batch. Layers keep their
 * names, those in inner models with the model's name in front; weights are named as in 'conv1/kernel'. Layers that only
 * train (dropout, noise) leave nothing behind.
 * @throws FORMAT_INVALID where the file is damaged or holds no model; OP_UNSUPPORTED for layers that can't be read, all of
 * them at once, Lambda and classes of one's own among them: code in a file is never run
 */
export async function readKerasModel(bytes: Uint8Array, options: ReadKerasOptions = {}): Promise<Model> {
  try {
    return looksLikeHdf5(bytes) ? await readLegacy(bytes, options) : await readArchive(bytes, options);
  } catch (error) {
    if (!isWhittleError(error) || !faults.includes(error.code)) throw error;
    throw invalid(error.node ?? 'model', error.message, error);
  }
}

function readLegacy(bytes: Uint8Array, options: ReadKerasOptions): Promise<Model> {
  return withHdf5(bytes, (file) => {
    const text = file.text('', 'model_config');
    if (text === undefined) throw withoutModel(file);
    const version = file.text('', 'keras_version') ?? file.text('model_weights', 'keras_version') ?? '2';
    const network = readNetworkConfig(parse('model_config', text));
    const major = majorOf(version);
    const weights = weightsOf(network, () => readLegacyWeights(file, network, major));
    return build(network, major, weights, options);
  });
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

async function readArchive(bytes: Uint8Array, options: ReadKerasOptions): Promise<Model> {
  if (!looksLikeArchive(bytes)) throw invalid('file', 'neither HDF5 nor a .keras archive');
  const members = unpackArchive(bytes);
  const text = (name: 'config.json' | 'metadata.json') => new TextDecoder().decode(members.get(name));
  const network = readNetworkConfig(parse('config.json', text('config.json')));
  const metadata = members.has('metadata.json') ? parse('metadata.json', text('metadata.json')) : undefined;
  const major = majorOf((metadata as { keras_version?: unknown } | undefined)?.keras_version ?? '3');
  const packed = members.get('model.weights.h5') ?? new Uint8Array();
  const weights = await withHdf5(packed, (file) =>
    weightsOf(network, () => readArchiveWeights(file, network)),
  );
  return build(network, major, weights, options);
}

/** A network's weights. Where they don't fit, layers of unknown classes may be why: they are named instead. */
function weightsOf(network: NetworkConfig, read: () => LayerWeights): LayerWeights {
  try {
    return read();
  } catch (error) {
    throwProblems(unreadLayers(network, ''), unreadable, { plugin: 'keras' });
    throw error;
  }
}

function unreadLayers(network: NetworkConfig, prefix: string): WhittleError[] {
  return network.layers.flatMap((layer) => {
    const name = prefix + layer.name;
    if (layer.network) return unreadLayers(layer.network, `${name}/`);
    return layer.className === 'InputLayer' || readerOf(layer) ? [] : [unsupported(name, whyUnread(layer))];
  });
}

const unreadable = (count: number) => `Keras: ${count} layers can't be read`;

function build(
  network: NetworkConfig,
  major: number,
  weights: LayerWeights,
  { shapes = new Map() }: ReadKerasOptions,
): Model {
  const graph = new GraphWriter(weights);
  const reading = { graph, major, shapes, problems: [], calls: 0 };
  const outputs = readNetwork(network, { prefix: '' }, reading);
  throwProblems(reading.problems, unreadable, { plugin: 'keras' });
  const ids = outputs.filter((id) => id !== undefined);
  if (ids.length === 0 || ids.length < outputs.length) throw invalid(network.name, 'a model without outputs');
  const model = graph.finish(network.name, ids, {});
  verify(model);
  return model;
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
