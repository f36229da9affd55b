import { concrete, forEachBroadcast } from '@whittle/core';
import type { NodeView } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import type { Int8Kernel } from '../lowering.js';
import { preluPlan } from '../plans/prelu.js';
import { clamp } from '../rounding.js';

/** PRELU. */
export function preparePrelu(n: NodeView<unknown>): Int8Kernel {
  const { positive, negative, inputZeroPoint, alphaZeroPoint, outputZeroPoint, clamp: range } = preluPlan(n);
  const [shape, alphaShape] = n.inputs.map((type) => concrete(type.shape));
  return ([input, alpha], [output]) =>
    forEachBroadcast(shape, shape, alphaShape, (i, _, slope) => {
      const v = (input[i] as number) - inputZeroPoint;
      const y =
        v >= 0
          ? multiplyByQuantizedMultiplier(v, positive.multiplier, positive.shift)
          : multiplyByQuantizedMultiplier(
              v * ((alpha[slope] as number) - alphaZeroPoint),
              negative.multiplier,
              negative.shift,
            );
      output[i] = clamp((y + outputZeroPoint) | 0, range.min, range.max);
    });
}
