import type { CumsumAttributes, NodeView } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import type { Int8Kernel } from '../lowering.js';
import { CUMSUM_LIFT, cumsumPlan } from '../plans/cumulative-sum.js';
import { clamp } from '../rounding.js';

/** CUMSUM of int8. */
export function prepareCumsum(n: NodeView<CumsumAttributes>): Int8Kernel {
  const { outer, extent, inner, exclusive, reverse, multiplier, shift, outputZeroPoint } = cumsumPlan(n);
  return ([input], [output]) => {
    for (let line = 0; line < outer * inner; line++) {
      const start = Math.floor(line / inner) * extent * inner + (line % inner);
      let sum = 0;
      for (let step = 0; step < extent; step++) {
        const at = start + (reverse ? extent - 1 - step : step) * inner;
        const after = sum + (input[at] as number) * 2 ** CUMSUM_LIFT;
        const y = multiplyByQuantizedMultiplier(exclusive ? sum : after, multiplier, shift);
        output[at] = clamp(y + outputZeroPoint, -128, 127);
        sum = after;
      }
    }
  };
}
