import type { InputShapes, Model } from '@whittle/core';
import { readModel, readNetworkConfig } from '@whittle/keras-network';
import type { Json } from '../file/json.js';
import type { NamedWeights } from '../weights/decode-weights.js';
import { matchWeights } from './match-weights.js';

/** Whether a topology is a configuration of Keras layers, as TensorFlow.js writes it, or the converter. */
export function isLayersTopology({ model_config: config, class_name: kind }: Json): boolean {
  return config !== undefined || kind !== undefined;
}

/**
 * A layers model. Converted ones have the configuration within `model_config`, and Keras' version beside it; those that
 * TensorFlow.js has written name it as Keras' version.
 * @throws FORMAT_INVALID, OP_UNSUPPORTED
 */
export function readLayersModel(topology: Json, named: NamedWeights, shapes?: InputShapes): Model {
  const config = topology.model_config ?? topology;
  return readModel(readNetworkConfig(config), {
    // All layers of TensorFlow.js are as Keras 2 had them.
    major: 2,
    runtime: 'tfjs',
    weights: (network) => matchWeights(network, named),
    ...(shapes && { shapes }),
  });
}
