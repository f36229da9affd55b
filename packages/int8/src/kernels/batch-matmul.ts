import { forEachBroadcast } from '@whittle/core';
import type { BatchMatmulAttributes, NodeView } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import type { Int8Kernel } from '../lowering.js';
import { batchMatmulPlan } from '../plans/batch-matmul.js';
import { clamp } from '../rounding.js';

/** BATCH_MATMUL. */
export function prepareBatchMatmul(n: NodeView<BatchMatmulAttributes>): Int8Kernel {
  const plan = batchMatmulPlan(n);
  const { rows, inner, columns, aZeroPoint, bZeroPoint } = plan;
  return ([a, b], [output]) =>
    forEachBroadcast(plan.batch, plan.aBatch, plan.bBatch, (at, ia, ib) => {
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          let x = ia * rows * inner + row * plan.aRowStride;
          let y = ib * inner * columns + column * plan.bColumnStride;
          let sum = 0;
          for (let k = 0; k < inner; k++, x += plan.aInnerStride, y += plan.bInnerStride)
            sum = (sum + Math.imul((a[x] as number) - aZeroPoint, (b[y] as number) - bZeroPoint)) | 0;
          const scaled = multiplyByQuantizedMultiplier(sum, plan.multiplier, plan.shift);
          const result = clamp((scaled + plan.outputZeroPoint) | 0, -128, 127);
          output[(at * rows + row) * columns + column] = result;
        }
    });
}
