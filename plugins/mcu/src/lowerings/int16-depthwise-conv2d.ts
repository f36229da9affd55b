import { WhittleError } from '@whittle/core';
import type { DepthwiseAttributes } from '@whittle/core';
import type { DepthwisePlan } from '@whittle/int8';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkSums, int16Call } from './int16-layer.js';
import { extents } from './kernel-call.js';
import { imageFields, windowFields } from './linear-layer.js';
import { pixelOverlap } from './row-overlap.js';

/** Products of a row of the window that stay in 32 bits together. */
const MAX_WIDTH = 511;

/** DEPTHWISE_CONV_2D of int16. @throws OP_UNSUPPORTED for wider windows than the kernel sums */
export function lowerInt16DepthwiseConv2d(
  node: KernelNode<DepthwiseAttributes>,
  plan: DepthwisePlan,
  filters: Int8Array,
): KernelPlan {
  if (plan.kernelWidth > MAX_WIDTH)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${node.name}: a depthwise window ${plan.kernelWidth} wide, the int16 kernels take ${MAX_WIDTH} at most`,
      { node: node.name },
    );
  const bias = node.constants[2]?.data;
  checkSums(node, plan, filters.length / plan.outputChannels, bias);
  const params = extents(node, {
    ...imageFields(plan),
    multiplier: plan.depthMultiplier,
    ...windowFields(plan),
  });
  return {
    calls: [int16Call('whittle_depthwise_conv_2d_s16', { params, filters, bias, plan })],
    overlap: pixelOverlap(plan, 2),
  };
}
