import type { Id } from '@whittle/core';
import type { Options } from '../config/options.js';
import type { LayerCall } from './layer-call.js';

/** The weights that a layer has, by name, in the order in which Keras makes them. */
export interface Variables {
  readonly trainable?: readonly string[];
  /** Those that training leaves alone, such as moving averages. */
  readonly fixed?: readonly string[];
}

/** How a class of layers is read. */
export interface LayerReader {
  readonly variables?: (options: Options) => Variables;
  /** The group in a .keras file that holds the weights, where it isn't the layer's own. */
  readonly group?: string;
  /** Adds what one call of the layer computes; returns its results. @throws FORMAT_INVALID, OP_UNSUPPORTED */
  read(call: LayerCall): Id | readonly Id[];
}
