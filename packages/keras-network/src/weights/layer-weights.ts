import type { Tensor } from '@whittle/core';
import type { LayerConfig } from '../config/network-config.js';

/** The weights of every layer that has some, by Keras' names. */
export type LayerWeights = ReadonlyMap<LayerConfig, ReadonlyMap<string, Tensor<'float32'>>>;

/** Gathers weights one by one. */
export class WeightsBuilder {
  readonly #weights = new Map<LayerConfig, Map<string, Tensor<'float32'>>>();

  set(layer: LayerConfig, name: string, value: Tensor<'float32'>): void {
    let own = this.#weights.get(layer);
    if (!own) this.#weights.set(layer, (own = new Map<string, Tensor<'float32'>>()));
    own.set(name, value);
  }

  finish(): LayerWeights {
    return this.#weights;
  }
}
