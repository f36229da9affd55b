import type { BatchMatmulAttributes } from '@whittle/core';
import { reduceMultiplier } from '@whittle/int8';
import type { BatchMatmulPlan } from '@whittle/int8';
import { operand, output, struct } from '@whittle/kernel-api';
import type { KernelArgument, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call } from './kernel-call.js';

/** BATCH_MATMUL of int16. `batch`: how the matrices meet. */
export function lowerInt16BatchMatmul(
  node: KernelNode<BatchMatmulAttributes>,
  plan: BatchMatmulPlan,
  batch: KernelArgument,
): KernelPlan {
  const params = struct('whittle_batch_matmul_s16_params', {
    rows: plan.rows,
    inner: plan.inner,
    columns: plan.columns,
    a_row_stride: plan.aRowStride,
    a_inner_stride: plan.aInnerStride,
    b_column_stride: plan.bColumnStride,
    b_inner_stride: plan.bInnerStride,
    multiplier: reduceMultiplier(plan.multiplier) * 65536,
    shift: plan.shift,
  });
  const [a, b] = [operand(node, 0, 'a'), operand(node, 1, 'b')];
  return { calls: [call('whittle_batch_matmul_s16', params, batch, a, b, output(0))] };
}
