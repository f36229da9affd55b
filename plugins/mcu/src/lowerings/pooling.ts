import type { PoolAttributes } from '@whittle/core';
import { poolPlan } from '@whittle/int8';
import { input, output, struct } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call, clampCalls, dtypeOf, elements, extents, suffixOf } from './kernel-call.js';

export function lowerAveragePool2d(node: KernelNode<PoolAttributes>): KernelPlan {
  return lowerPool(node, 'whittle_average_pool_2d');
}

export function lowerMaxPool2d(node: KernelNode<PoolAttributes>): KernelPlan {
  return lowerPool(node, 'whittle_max_pool_2d');
}

function lowerPool(node: KernelNode<PoolAttributes>, kernel: string): KernelPlan {
  const plan = poolPlan(node);
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
        `${kernel}_${suffixOf(node.outputs[0])}`,
        struct(`${kernel}_s8_params`, params),
        input(0),
        output(0),
      ),
      ...clampCalls(plan.clamp, elements(node.outputs[0]), dtypeOf(node.outputs[0])),
    ],
  };
}
