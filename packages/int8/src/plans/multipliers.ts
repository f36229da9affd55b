import type { InferView, ValueType } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import { quantizeMultiplier } from '../fixed-point.js';
import type { Multiplier } from '../fixed-point.js';
import { expectScales } from '../quantized-type.js';
import type { TensorScale } from '../quantized-type.js';

/** One multiplier and shift for each output channel, as in `Multiplier`. */
export interface ChannelMultipliers {
  readonly multipliers: Int32Array;
  readonly shifts: Int32Array;
}

/**
 * `quantizeMultiplier` for a rescaling factor. @throws QUANTIZATION_INVALID where the factor is 2^31 or more: its left
 * shift would leave 32 bits.
 */
export function rescale(n: { readonly name: string }, real: number): Multiplier {
  const result = quantizeMultiplier(real);
  expectQuantization(
    result.shift <= 31,
    n,
    () => `the scales give a factor of ${real}, which must be below 2^31: the output scale is too small`,
  );
  return result;
}

/**
 * Multipliers (input * weight_c) / output of a convolution or matrix product, in double from float32 scales.
 * `weightScales` has one entry or one for each channel. @throws QUANTIZATION_INVALID
 */
export function channelMultipliers(
  n: { readonly name: string },
  input: TensorScale,
  weightScales: Float32Array,
  output: TensorScale,
  channels: number,
): ChannelMultipliers {
  const each = Array.from(weightScales, (scale) => rescale(n, (input.scale * scale) / output.scale));
  const one = each.length === 1;
  return {
    multipliers: Int32Array.from({ length: channels }, (_, c) => each[one ? 0 : c].multiplier),
    shifts: Int32Array.from({ length: channels }, (_, c) => each[one ? 0 : c].shift),
  };
}

/** Checks the type of weights: int8, quantized with positive scales. @throws QUANTIZATION_INVALID */
export function weightQuantization(n: InferView<unknown>): NonNullable<ValueType['quantization']> {
  const { dtype, quantization } = n.inputs[1];
  expectQuantization(dtype === 'int8', n, () => `weight must be int8, found ${dtype}`);
  expectQuantization(quantization !== undefined, n, () => 'weight has no scale');
  expectScales(n, quantization.scale, 'weight');
  return quantization;
}
