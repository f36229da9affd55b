import type { NodeView } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import { inverseSqrt } from '../inverse-sqrt.js';
import type { Int8Kernel } from '../lowering.js';
import { l2NormalizationPlan } from '../plans/l2-normalization.js';
import { clamp } from '../rounding.js';

/** L2_NORMALIZATION of int8 over the last axis. */
export function prepareL2Normalize(n: NodeView<unknown>): Int8Kernel {
  const { rows, depth, inputZeroPoint } = l2NormalizationPlan(n);
  return ([input], [output]) => {
    for (let row = 0; row < rows; row++) {
      const x = input.subarray(row * depth, (row + 1) * depth) as Int8Array;
      const { multiplier, shift } = inverseSqrt(x.reduce((total, v) => total + (v - inputZeroPoint) ** 2, 0));
      for (let i = 0; i < depth; i++) {
        const y = multiplyByQuantizedMultiplier(x[i] - inputZeroPoint, multiplier, shift + 7);
        output[row * depth + i] = clamp(y, -128, 127);
      }
    }
  };
}
