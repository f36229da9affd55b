import type { NodeView } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import { absPlan, leakyReluPlan, relu6Plan, reluPlan } from '../plans/rectifiers.js';
import { inputScale, outputScale } from '../quantized-type.js';
import { clamp, roundHalfAway } from '../rounding.js';
import type { StoredFunction } from './stored-function.js';

/** RELU of int8 or int16. @throws QUANTIZATION_INVALID */
export function reluFunction(n: NodeView<unknown>): StoredFunction {
  const { multiplier, shift, inputZeroPoint, outputZeroPoint, clamp: range } = reluPlan(n);
  return (x) => {
    const y = multiplyByQuantizedMultiplier(x - inputZeroPoint, multiplier, shift);
    return clamp((y + outputZeroPoint) | 0, range.min, range.max);
  };
}

/** RELU6 of int8 or int16. @throws QUANTIZATION_INVALID */
export function relu6Function(n: NodeView<unknown>): StoredFunction {
  const { min, max } = relu6Plan(n);
  return (x) => clamp(x, min, max);
}

/** LEAKY_RELU of int8 or int16. @throws QUANTIZATION_INVALID */
export function leakyReluFunction(n: NodeView<{ readonly alpha: number }>): StoredFunction {
  const { above, below, inputZeroPoint, outputZeroPoint } = leakyReluPlan(n);
  const magnitude = Math.abs(below.multiplier);
  return (x) => {
    const v = x - inputZeroPoint;
    const y =
      v >= 0
        ? multiplyByQuantizedMultiplier(v, above.multiplier, above.shift)
        : Math.sign(below.multiplier) * multiplyByQuantizedMultiplier(v, magnitude, below.shift);
    return (y + outputZeroPoint) | 0;
  };
}

/** ABS of int8 or int16. @throws QUANTIZATION_INVALID */
export function absFunction(n: NodeView<unknown>): StoredFunction {
  const { multiplier, shift, inputZeroPoint, outputZeroPoint } = absPlan(n);
  return (x) => {
    const y = multiplyByQuantizedMultiplier(Math.abs(x - inputZeroPoint), multiplier, shift);
    return (y + outputZeroPoint) | 0;
  };
}

/**
 * ELU: TFLM's own table, in float32 throughout. Exact where the C library's expf is correctly rounded; else an entry
 * that lies within a unit in the last place of a half may differ by one step.
 * @throws QUANTIZATION_INVALID
 */
export function eluFunction(n: NodeView<unknown>): StoredFunction {
  const input = inputScale(n);
  const output = outputScale(n);
  const inverse = Math.fround(1 / output.scale);
  return (x) => {
    const real = Math.fround(input.scale * (x - input.zeroPoint));
    const y = real < 0 ? Math.fround(Math.fround(Math.exp(real)) - 1) : real;
    return Math.trunc(Math.fround(roundHalfAway(Math.fround(y * inverse)) + output.zeroPoint));
  };
}
