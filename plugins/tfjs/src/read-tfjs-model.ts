import type { Model, ReadContext } from '@whittle/core';
import type { TfjsArtifacts } from './artifacts.js';
import { invalid } from './faults.js';
import { listOf, objectOf } from './file/json.js';
import { readModelJson } from './file/read-model-json.js';
import { isGraphTopology, readGraphModel } from './graph-model/read-graph-model.js';
import { isLayersTopology, readLayersModel } from './layers-model/read-layers-model.js';
import { decodeWeights } from './weights/decode-weights.js';
import { joinBytes } from './weights/weight-bytes.js';
import { readWeightSpecs } from './weights/weight-spec.js';

export interface ReadTfjsOptions extends Pick<ReadContext, 'shapes'> {
  /** Of graph models: how many examples there are where the file leaves that open; any number unless told, 1 where that can't be. */
  readonly batch?: number;
  /** Of graph models: names of nodes to read up to, in place of the file's outputs. */
  readonly outputs?: readonly string[];
}

/**
 * A TensorFlow.js model, layers model or graph model, from what an IO handler's `load` gives, as a float32 model: NHWC, the
 * first axis of inputs the batch. Quantized weights are read as the numbers that they stand for.
 * @throws FORMAT_INVALID where the artifacts are damaged; OP_UNSUPPORTED for layers or nodes that can't be read, all of them at
 * once; SHAPE_OPEN, OPTION_INVALID for shapes that must be told, or that don't fit
 */
export function readTfjsArtifacts(artifacts: TfjsArtifacts, options: ReadTfjsOptions = {}): Model {
  const topology = objectOf('modelTopology', artifacts.modelTopology, 'modelTopology');
  const specs = readWeightSpecs(listOf('weights', artifacts.weightSpecs ?? [], 'weightSpecs'));
  const bytes = joinBytes(artifacts.weightData ?? []);
  const all = decodeWeights(specs, bytes);
  const optimizer = new Set(specs.filter(({ group }) => group === 'optimizer').map(({ name }) => name));
  const named = new Map([...all].filter(([name]) => !optimizer.has(name)));
  if (isGraphTopology(topology)) return readGraphModel(topology, named, artifacts, options);
  if (isLayersTopology(topology)) return readLayersModel(topology, named, options.shapes);
  throw invalid('modelTopology', 'neither a configuration of layers nor a graph');
}

/**
 * A TensorFlow.js model from its `model.json`. `readBeside` reads the files that it names, the shards with the weights.
 * @throws as `readTfjsArtifacts` does, and what `readBeside` throws
 */
export async function readTfjsModel(
  bytes: Uint8Array,
  readBeside: ReadContext['readBeside'],
  options: ReadTfjsOptions = {},
): Promise<Model> {
  return readTfjsArtifacts(await readModelJson(bytes, readBeside), options);
}
