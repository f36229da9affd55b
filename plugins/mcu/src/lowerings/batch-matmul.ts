import { WhittleError } from '@whittle/core';
import type { BatchMatmulAttributes } from '@whittle/core';
import { batchMatmulPlan } from '@whittle/int8';
import { operand, output, scratch, struct } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { broadcastArgument } from './broadcast.js';
import { lowerInt16BatchMatmul } from './int16-batch-matmul.js';
import { call } from './kernel-call.js';

/** The kernel doubles sums of products of distances up to 255, which must stay below 2^30. */
const MAX_INNER = 16383;

export function lowerBatchMatmul(node: KernelNode<BatchMatmulAttributes>): KernelPlan {
  const plan = batchMatmulPlan(node);
  const { dtype } = plan;
  const matrices = (shape: readonly number[]) => ({ dtype, shape });
  const batch = broadcastArgument(node, matrices(plan.aBatch), matrices(plan.bBatch));
  if (dtype === 'int16') return lowerInt16BatchMatmul(node, plan, batch);
  if (plan.inner > MAX_INNER)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${node.name}: sums of ${plan.inner} products may overflow, the kernels take ${MAX_INNER} at most`,
      { node: node.name },
    );
  const params = struct('whittle_batch_matmul_s8_params', {
    rows: plan.rows,
    inner: plan.inner,
    columns: plan.columns,
    a_row_stride: plan.aRowStride,
    a_inner_stride: plan.aInnerStride,
    b_column_stride: plan.bColumnStride,
    b_inner_stride: plan.bInnerStride,
    multiplier: plan.multiplier,
    shift: plan.shift,
    a_zero_point: plan.aZeroPoint,
    b_zero_point: plan.bZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  return {
    calls: [
      call(
        'whittle_batch_matmul_s8',
        params,
        batch,
        operand(node, 0, 'a'),
        operand(node, 1, 'b'),
        scratch,
        output(0),
      ),
    ],
    scratchBytes: 2 * plan.inner,
  };
}
