import type { NodeView } from '@whittle/core';
import {
  doublingHighMultiply,
  multiplyByQuantizedMultiplier,
  roundingDivideByPowerOfTwo,
} from '../fixed-point.js';
import { expOfNegative } from '../fixed-point-exp.js';
import { logOfAtLeastOne } from '../fixed-point-log.js';
import type { Int8Kernel } from '../lowering.js';
import { logSoftmaxPlan } from '../plans/log-softmax.js';
import { clamp, INT32_MIN } from '../rounding.js';

/** LOG_SOFTMAX of int8 over the last axis. */
export function prepareLogSoftmax(n: NodeView<unknown>): Int8Kernel {
  const { rows, depth, multiplier, shift, inverse, radius } = logSoftmaxPlan(n);
  // The distance below the row's maximum in Q5, and its exponential in Q12, by the stored distance.
  const distances = Int32Array.from({ length: 256 }, (_, below) =>
    doublingHighMultiply(-below << shift, multiplier),
  );
  const terms = distances.map((distance, below) =>
    below > radius ? 0 : roundingDivideByPowerOfTwo(expOfNegative(distance, 5), 12),
  );
  return ([input], [output]) => {
    for (let row = 0; row < rows; row++) {
      const x = input.subarray(row * depth, (row + 1) * depth) as Int8Array;
      const largest = x.reduce((a, b) => Math.max(a, b), -128);
      const log = logOfAtLeastOne(x.reduce((total, v) => total + terms[largest - v], 0));
      // Below this a difference from the logarithm would leave Q5.
      const least = multiplyByQuantizedMultiplier((log + INT32_MIN) | 0, inverse.multiplier, inverse.shift);
      const lowest = Math.max(-radius - 1, least);
      for (let i = 0; i < depth; i++) {
        const below = largest - x[i];
        const fine = roundingDivideByPowerOfTwo(distances[below] - log, 22);
        output[row * depth + i] = -below > lowest ? clamp(fine + 127, -128, 127) : -128;
      }
    }
  };
}
