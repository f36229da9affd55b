import type { Feeds, Id, LoweringTable, Model, Tensor } from '@whittle/core';
import { prepareInt8 } from './prepare-int8.js';

/**
 * Evaluates a quantized model in integers, bit-exact with TFLite Micro's reference kernels. Feeds and results hold stored
 * values; feeds may hold several inferences, as in `Int8Program.run`. Prepare once with `prepareInt8` to run often.
 * @throws OP_UNSUPPORTED, QUANTIZATION_INVALID, SHAPE_MISMATCH
 */
export async function evaluateInt8(
  model: Model,
  feeds: Feeds,
  options: { readonly lowerings?: LoweringTable; readonly fetch?: readonly Id[] } = {},
): Promise<Map<Id, Tensor>> {
  const program = await prepareInt8(model, options.lowerings);
  return program.run(feeds, options.fetch);
}
