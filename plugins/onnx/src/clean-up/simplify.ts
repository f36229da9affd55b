import { fuseActivations } from '@whittle/core';
import type { Model } from '@whittle/core';
import { dropKeptAxes } from './drop-kept-axes.js';
import { nameActivations } from './name-activations.js';
import { nameLayerNorms } from './name-layer-norms.js';
import { takeBiasesIn } from './take-biases-in.js';

/** Names what exporters spell out, and lets layers carry their biases and activations. */
export function simplify(model: Model): Model {
  const steps = [nameActivations, nameLayerNorms, takeBiasesIn, dropKeptAxes, fuseActivations];
  return steps.reduce((result, step) => step(result), model);
}
