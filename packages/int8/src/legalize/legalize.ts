import { bind } from '@whittle/core';
import type { LoweringTable, Model } from '@whittle/core';
import { expectQuantized } from '../expect-quantized.js';
import { prepareInt8 } from '../prepare-int8.js';
import { equalizeScales } from './equalize-scales.js';
import { legalizePoolPadding } from './pool-padding.js';
import { separateUnappliedActivations } from './separate-activations.js';
import { splitConcat } from './split-concat.js';

/**
 * Turns a quantized model into what TFLite's integer kernels take: the batch is bound to 1, scales are made equal where a
 * kernel doesn't rescale, pooling has no explicit padding, and every node is checked as TFLM's Prepare checks it. A model
 * that is legal already, such as one read from a .tflite, is left as it is but for the batch. `lowerings` has plugins'
 * ops beside core's.
 * @throws QUANTIZATION_INVALID where the model isn't quantized, or not as the kernels need it; OP_UNSUPPORTED; in both
 * cases naming every node that is to blame
 */
export async function legalize(model: Model, lowerings?: LoweringTable): Promise<Model> {
  const legal = legalForm(model);
  await prepareInt8(legal, lowerings);
  return legal;
}

/**
 * What `legalize` makes of a model, unchecked: nodes that no kernel takes are left as they are.
 * @throws QUANTIZATION_INVALID where nothing is quantized
 */
export function legalForm(model: Model): Model {
  expectQuantized(model);
  return splitConcat(
    equalizeScales(separateUnappliedActivations(legalizePoolPadding(bind(model, { batch: 1 })))),
  );
}
