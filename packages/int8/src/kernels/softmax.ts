import type { NodeView } from '@whittle/core';
import { doublingHighMultiply, roundingDivideByPowerOfTwo } from '../fixed-point.js';
import { expOfNegative, reciprocalOfOnePlus } from '../fixed-point-exp.js';
import type { Int8Kernel } from '../lowering.js';
import { softmaxPlan } from '../plans/softmax.js';
import { clamp } from '../rounding.js';
import { prepareSoftmaxInt16 } from './softmax-int16.js';

/** SOFTMAX of int8 or int16 over the last axis. */
export function prepareSoftmax(n: NodeView<{ readonly beta: number }>): Int8Kernel {
  if (n.inputs[0].dtype === 'int16') return prepareSoftmaxInt16(n);
  const { rows, depth, multiplier, shift, radius } = softmaxPlan(n);
  // exp of the scaled distance below the row's maximum, in Q0; beyond the radius it counts as nothing.
  const exponentials = Int32Array.from({ length: 256 }, (_, below) =>
    below > radius ? 0 : expOfNegative(doublingHighMultiply(-below << shift, multiplier), 5),
  );
  const terms = exponentials.map((e) => roundingDivideByPowerOfTwo(e, 12));
  return ([input], [output]) => {
    for (let row = 0; row < rows; row++) {
      const x = input.subarray(row * depth, (row + 1) * depth) as Int8Array;
      const largest = x.reduce((a, b) => Math.max(a, b), -128);
      const sum = x.reduce((total, v) => total + terms[largest - v], 0);
      const headroom = Math.clz32(sum);
      const scale = reciprocalOfOnePlus(sum * 2 ** headroom - 2147483648);
      // Above 31 every share is below half a step. TFLM's own shift stops the program there.
      const right = 12 - headroom + 31 - 8;
      for (let i = 0; i < depth; i++) {
        const below = largest - x[i];
        const share = doublingHighMultiply(scale, exponentials[below]);
        const counts = below <= radius && right <= 31;
        output[row * depth + i] = counts
          ? clamp(roundingDivideByPowerOfTwo(share, right) - 128, -128, 127)
          : -128;
      }
    }
  };
}
