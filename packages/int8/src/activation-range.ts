import { clampOf } from '@whittle/core';
import type { FusedActivation } from '@whittle/core';
import { expectQuantization } from './errors.js';
import { STORED_RANGE } from './quantized-type.js';
import type { ActivationScale, TensorScale } from './quantized-type.js';
import { INT32_MAX, INT32_MIN, roundHalfAway } from './rounding.js';

/** Bounds that stored values are clamped to, both inclusive. */
export interface ClampRange {
  readonly min: number;
  readonly max: number;
}

/** A real bound as a stored value: the division is one of float32, as in TFLM. @throws QUANTIZATION_INVALID beyond int32 */
export function storedBound(n: { readonly name: string }, real: number, output: TensorScale): number {
  const bound = roundHalfAway(Math.fround(real / output.scale));
  expectQuantization(
    bound >= INT32_MIN && bound <= INT32_MAX,
    n,
    () => `the bound ${real} is beyond 32 bits at output scale ${output.scale}`,
  );
  return bound + output.zeroPoint;
}

/**
 * The clamp of a fused activation on stored values with the output's quantization, as TFLM derives it.
 * @throws QUANTIZATION_INVALID
 */
export function activationRange(
  n: { readonly name: string },
  activation: FusedActivation,
  output: ActivationScale,
): ClampRange {
  const [low, high] = clampOf(activation);
  const { min, max } = STORED_RANGE[output.dtype];
  return {
    min: Number.isFinite(low) ? Math.max(min, storedBound(n, low, output)) : min,
    max: Number.isFinite(high) ? Math.min(max, storedBound(n, high, output)) : max,
  };
}
