import type { NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import { quantizeMultiplier } from '../fixed-point.js';
import {
  expectSymmetricInt16,
  inputScale,
  INT8_OR_INT16,
  outputScale,
  STORED_RANGE,
} from '../quantized-type.js';
import type { RescalePlan } from './quantize.js';

/** Fractional bits that 1 / sqrt of a stored value has before it is rescaled. */
export const RSQRT_LIFT = 20;

/**
 * What TFLM's Prepare derives for RSQRT. The multiplier holds 1 / (sqrt(input scale) * output scale) and is applied to
 * 1 / sqrt(x - inputZeroPoint) with `RSQRT_LIFT` fractional bits, by a shift of as much less.
 * @throws QUANTIZATION_INVALID for int16 with zero points, and where the factor is not from 2^-12 to 2^30
 */
export function rsqrtPlan(n: NodeView<unknown>): RescalePlan {
  const input = inputScale(n, 0, INT8_OR_INT16);
  const output = outputScale(n, [input.dtype]);
  expectSymmetricInt16(n, input, 'input');
  expectSymmetricInt16(n, output, 'output');
  const factor = 1 / (Math.sqrt(input.scale) * output.scale);
  const result = quantizeMultiplier(factor);
  expectQuantization(
    result.shift >= RSQRT_LIFT - 31 && result.shift <= 30,
    n,
    () => `1 / (sqrt(input scale) * output scale) must be from 2^-12 to 2^30, found ${factor}`,
  );
  return {
    ...result,
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    clamp: STORED_RANGE[output.dtype],
  };
}
