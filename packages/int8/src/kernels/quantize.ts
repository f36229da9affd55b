import type { NodeView } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import type { Int8Kernel } from '../lowering.js';
import { dequantizePlan, quantizePlan } from '../plans/quantize.js';
import { STORED_RANGE } from '../quantized-type.js';
import type { ActivationDType, TensorScale } from '../quantized-type.js';
import { clamp, INT32_MAX, INT32_MIN, roundHalfAway } from '../rounding.js';

/** QUANTIZE from float32, int8 or int16, and between int8 and uint8. */
export function prepareQuantize(n: NodeView<unknown>): Int8Kernel {
  const plan = quantizePlan(n);
  if (plan.from === 'float32')
    return ([input], [output]) => {
      for (let i = 0; i < input.length; i++) output[i] = quantizeFloat(input[i] as number, plan);
    };
  return ([input], [output]) => {
    for (let i = 0; i < input.length; i++) {
      const scaled = multiplyByQuantizedMultiplier(
        (input[i] as number) - plan.inputOffset - plan.inputZeroPoint,
        plan.multiplier,
        plan.shift,
      );
      const stored = clamp((scaled + plan.outputZeroPoint) | 0, plan.clamp.min, plan.clamp.max);
      output[i] = stored + plan.outputOffset;
    }
  };
}

/**
 * A float32 as a stored value, int8 unless told: rounded half away in float32 steps, offset, saturated. Beyond 2^31 steps,
 * and for NaN, the result is the minimum, as the conversion to integer gives on x86.
 */
export function quantizeFloat(
  x: number,
  { scale, zeroPoint, dtype = 'int8' }: TensorScale & { readonly dtype?: ActivationDType },
): number {
  const { min, max } = STORED_RANGE[dtype];
  const steps = roundHalfAway(Math.fround(x / scale));
  const inRange = steps >= INT32_MIN && steps <= INT32_MAX;
  return clamp(((inRange ? steps : INT32_MIN) + zeroPoint) | 0, min, max);
}

/** DEQUANTIZE to float32. */
export function prepareDequantize(n: NodeView<unknown>): Int8Kernel {
  const { scale, zeroPoint } = dequantizePlan(n);
  return ([input], [output]) => {
    for (let i = 0; i < input.length; i++) output[i] = scale * ((input[i] as number) - zeroPoint);
  };
}
