import type { PoolAttributes } from '@whittle/core';
import { poolPlan } from '@whittle/int8';
import { input, output, struct } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call, extents } from '../../lowerings/kernel-call.js';
import { mveClampCalls } from './clamp.js';

/** Pixels of a window whose sum has 16 bits for certain. */
const MAX_WINDOW = 255;

export function mveAveragePool2d(node: KernelNode<PoolAttributes>): KernelPlan | undefined {
  const plan = poolPlan(node);
  if (plan.kernelHeight * plan.kernelWidth > MAX_WINDOW) return undefined;
  const params = extents(node, {
    batches: plan.batch,
    input_height: plan.inputHeight,
    input_width: plan.inputWidth,
    channels: plan.inputChannels,
    output_height: plan.outputHeight,
    output_width: plan.outputWidth,
    kernel_height: plan.kernelHeight,
    kernel_width: plan.kernelWidth,
    stride_height: plan.strideHeight,
    stride_width: plan.strideWidth,
    pad_top: plan.padTop,
    pad_left: plan.padLeft,
  });
  return {
    calls: [
      call(
        'whittle_average_pool_2d_s8_mve',
        struct('whittle_average_pool_2d_s8_params', params),
        input(0),
        output(0),
      ),
      ...mveClampCalls(plan.clamp, node),
    ],
  };
}
