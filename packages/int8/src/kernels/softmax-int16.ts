import type { NodeView } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import type { Int8Kernel } from '../lowering.js';
import { EXP_INT16_TABLE, RECIPROCAL_INT16_TABLE, softmaxInt16Plan } from '../plans/softmax-int16.js';
import { clamp } from '../rounding.js';
import { lookUpInt16 } from '../tables/int16-lookup.js';

/** SOFTMAX of int16 over the last axis: exponentials and the reciprocal of their sum come from tables. */
export function prepareSoftmaxInt16(n: NodeView<{ readonly beta: number }>): Int8Kernel {
  const { rows, depth, multiplier, shift } = softmaxInt16Plan(n);
  const exponential = (below: number) => {
    const steps = multiplyByQuantizedMultiplier(below, multiplier, shift) + 32767;
    return lookUpInt16(EXP_INT16_TABLE, clamp(steps, -32768, 32767));
  };
  return ([input], [output]) => {
    for (let row = 0; row < rows; row++) {
      const x = input.subarray(row * depth, (row + 1) * depth) as Int16Array;
      const largest = x.reduce((a, b) => Math.max(a, b), -32768);
      const exponentials = Array.from(x, (v) => exponential(v - largest));
      const sum = exponentials.reduce((a, b) => a + b, 0);
      const headroom = Math.clz32(sum);
      // The sum as 1 + a, with a in [0, 1) in 16 bits around 0.
      const fraction = (((sum << (headroom - 1)) + (1 << 13)) >> 14) - (1 << 15) - (1 << 16);
      const reciprocal = lookUpInt16(RECIPROCAL_INT16_TABLE, clamp(fraction, -32768, 32767));
      const right = 31 - headroom;
      exponentials.forEach((e, i) => {
        const share = (e * reciprocal + 2 ** (right - 1)) >> right;
        output[row * depth + i] = clamp(share, 0, 32767);
      });
    }
  };
}
