import { WhittleError } from '@whittle/core';
import type { MeanAttributes, PoolAttributes } from '@whittle/core';
import { meanPlan, poolPlan, reduceMaxPlan } from '@whittle/int8';
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

export function lowerMean(node: KernelNode<MeanAttributes>): KernelPlan {
  const plan = meanPlan(node);
  const params = struct('whittle_mean_s8_params', {
    shape: alternatingShape(node, plan.inputShape, plan.axes),
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
    multiplier: plan.multiplier,
    shift: plan.shift,
  });
  return { calls: [call(`whittle_mean_${suffixOf(node.outputs[0])}`, params, input(0), output(0))] };
}

export function lowerReduceMax(node: KernelNode<MeanAttributes>): KernelPlan {
  const { inputShape, axes } = reduceMaxPlan(node);
  const params = struct('whittle_reduce_max_s8_params', { shape: alternatingShape(node, inputShape, axes) });
  return { calls: [call('whittle_reduce_max_s8', params, input(0), output(0))] };
}

/** The shape with neighbouring axes merged to kept, reduced, kept, reduced, kept. @throws OP_UNSUPPORTED beyond that */
function alternatingShape(
  node: { readonly name: string },
  shape: readonly number[],
  axes: readonly number[],
): number[] {
  const merged = [1];
  shape.forEach((dim, axis) => {
    if (dim === 1) return;
    const reduced = axes.includes(axis);
    if (reduced !== (merged.length % 2 === 0)) merged.push(1);
    merged[merged.length - 1] *= dim;
  });
  if (merged.length > 5)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${node.name}: axes [${axes.join(', ')}] of shape [${shape.join(', ')}] alternate more often than the kernel can`,
      { node: node.name },
    );
  while (merged.length < 5) merged.push(1);
  return merged;
}
