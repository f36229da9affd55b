import type { NodeView } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import { inverseSqrt } from '../inverse-sqrt.js';
import { rsqrtPlan, RSQRT_LIFT } from '../plans/rsqrt.js';
import type { StoredFunction } from './stored-function.js';

/** RSQRT of int8 or int16: the largest of 0 and, which TFLM stops at, of less. @throws QUANTIZATION_INVALID */
export function rsqrtFunction(n: NodeView<unknown>): StoredFunction {
  const { multiplier, shift, inputZeroPoint, outputZeroPoint, clamp } = rsqrtPlan(n);
  return (x) => {
    const v = x - inputZeroPoint;
    if (v <= 0) return clamp.max;
    const root = inverseSqrt(v);
    const fine = multiplyByQuantizedMultiplier(1, root.multiplier, root.shift + RSQRT_LIFT);
    return (multiplyByQuantizedMultiplier(fine, multiplier, shift - RSQRT_LIFT) + outputZeroPoint) | 0;
  };
}
