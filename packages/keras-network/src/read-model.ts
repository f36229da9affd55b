import {
  faultsOfFile,
  namedEnds,
  resolveInputShapes,
  shapesUnlessUnread,
  throwUnread,
  verify,
} from '@whittle/core';
import type { InputShapes, Model, WhittleError } from '@whittle/core';
import type { NetworkConfig } from './config/network-config.js';
import { invalid, unreadKind, unsupported } from './faults.js';
import { GraphWriter } from './graph/graph-writer.js';
import { describeInput } from './graph/read-input.js';
import type { ShapesByLayer } from './graph/read-input.js';
import type { LayerRuntime } from './graph/layer-call.js';
import { readNetwork } from './graph/read-network.js';
import { readerOf, whyUnread } from './layers/readers.js';
import type { LayerWeights } from './weights/layer-weights.js';

/** What a file says beside the network's configuration. */
export interface ReadModelOptions {
  /** Keras' major version, of which the file is. */
  readonly major: number;
  /** Whose layers they are; Keras' unless told. */
  readonly runtime?: LayerRuntime;
  /** Finds the weights of every layer in the network. @throws FORMAT_INVALID where they don't fit */
  readonly weights: (network: NetworkConfig) => LayerWeights;
  /** Shapes of inputs where the file leaves extents open. */
  readonly shapes?: InputShapes;
}

/**
 * A network of Keras layers as a float32 model: NHWC, the first axis of inputs the batch. Layers keep their names, those in
 * inner models with the model's name in front; weights are named as in 'conv1/kernel'. Layers that only train (dropout,
 * noise) leave nothing behind.
 * @throws FORMAT_INVALID where the file is damaged; OP_UNSUPPORTED for layers that can't be read, all of them at once, Lambda
 * and classes of one's own among them: code in a file is never run; SHAPE_OPEN, OPTION_INVALID, SHAPE_MISMATCH for
 * shapes that must be told, that don't fit the inputs, or not the layers
 */
export function readModel(network: NetworkConfig, options: ReadModelOptions): Model {
  const inputs = network.layers.filter(({ className }) => className === 'InputLayer').map(describeInput);
  const shapes = shapesUnlessUnread(
    () => resolveInputShapes(inputs, options.shapes),
    () => unreadLayers(network, ''),
    unreadKind,
  );
  const byLayer = new Map(inputs.map(({ name }, i) => [name, shapes[i]]));
  return faultsOfFile(
    () => build(network, options, byLayer),
    options.shapes,
    (fault) => invalid(fault.node ?? 'model', fault.message, fault),
  );
}

function build(network: NetworkConfig, options: ReadModelOptions, shapes: ShapesByLayer): Model {
  const { major, runtime = 'keras' } = options;
  const graph = new GraphWriter(weightsOf(network, options));
  const reading = { graph, major, runtime, shapes, problems: [], calls: 0 };
  const outputs = readNetwork(network, { prefix: '' }, reading);
  throwUnread(reading.problems, unreadKind);
  const ids = outputs.filter((id) => id !== undefined);
  if (ids.length === 0 || ids.length < outputs.length) throw invalid(network.name, 'a model without outputs');
  // A layer that leaves nothing behind is still what callers name an output by.
  const ends = namedEnds(
    ids,
    network.outputs.map(({ layer }) => layer),
  );
  const model = graph.finish(network.name, ends, {});
  verify(model);
  return model;
}

/** A network's weights. Where they don't fit, layers of unknown classes may be why: they are named instead. */
function weightsOf(network: NetworkConfig, { weights }: ReadModelOptions): LayerWeights {
  try {
    return weights(network);
  } catch (error) {
    throwUnread(unreadLayers(network, ''), unreadKind);
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
