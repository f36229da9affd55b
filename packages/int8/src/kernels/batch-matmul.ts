import { forEachBroadcast } from '@whittle/core';
import type { BatchMatmulAttributes, NodeView } from '@whittle/core';
import { multiplyByQuantizedMultiplier, multiplyWideByQuantizedMultiplier } from '../fixed-point.js';
import type { Int8Kernel } from '../lowering.js';
import { batchMatmulPlan } from '../plans/batch-matmul.js';
import type { BatchMatmulPlan } from '../plans/batch-matmul.js';
import { STORED_RANGE } from '../quantized-type.js';
import { clamp } from '../rounding.js';

/** BATCH_MATMUL. */
export function prepareBatchMatmul(n: NodeView<BatchMatmulAttributes>): Int8Kernel {
  const plan = batchMatmulPlan(n);
  const { rows, inner, columns, multiplier, shift } = plan;
  const { min, max } = STORED_RANGE[plan.dtype];
  const sumOf = plan.dtype === 'int8' ? sumOfProducts : wideSumOfProducts;
  const rescale = plan.dtype === 'int8' ? multiplyByQuantizedMultiplier : multiplyWideByQuantizedMultiplier;
  return ([a, b], [output]) =>
    forEachBroadcast(plan.batch, plan.aBatch, plan.bBatch, (at, ia, ib) => {
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const x = ia * rows * inner + row * plan.aRowStride;
          const y = ib * inner * columns + column * plan.bColumnStride;
          const scaled = rescale(sumOf(plan, a as Int8Array, x, b as Int8Array, y), multiplier, shift);
          const result = clamp((scaled + plan.outputZeroPoint) | 0, min, max);
          output[(at * rows + row) * columns + column] = result;
        }
    });
}

type Stored = Int8Array | Int16Array;

/** A row of a, from x, by a column of b, from y: wrapped to 32 bits. */
function sumOfProducts(plan: BatchMatmulPlan, a: Stored, x: number, b: Stored, y: number): number {
  const { inner, aZeroPoint, bZeroPoint, aInnerStride, bInnerStride } = plan;
  let sum = 0;
  for (let k = 0; k < inner; k++, x += aInnerStride, y += bInnerStride)
    sum = (sum + Math.imul(a[x] - aZeroPoint, b[y] - bZeroPoint)) | 0;
  return sum;
}

/** The same in 64 bits, in doubles; zero points are 0. */
function wideSumOfProducts(plan: BatchMatmulPlan, a: Stored, x: number, b: Stored, y: number): number {
  const { inner, aInnerStride, bInnerStride } = plan;
  let sum = 0;
  for (let k = 0; k < inner; k++, x += aInnerStride, y += bInnerStride) sum += a[x] * b[y];
  return sum;
}
