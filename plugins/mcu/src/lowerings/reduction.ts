import { WhittleError } from '@whittle/core';
import type { ArgExtremumAttributes, CumsumAttributes, ReductionAttributes } from '@whittle/core';
import { argExtremumPlan, cumsumPlan, meanPlan, reduceExtremumPlan, reduceSumPlan } from '@whittle/int8';
import type { MeanPlan } from '@whittle/int8';
import { input, integer, output, struct } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call, suffixOf } from './kernel-call.js';

export function lowerMean(node: KernelNode<ReductionAttributes>): KernelPlan {
  return lowerSum(node, meanPlan(node));
}

export function lowerReduceSum(node: KernelNode<ReductionAttributes>): KernelPlan {
  return lowerSum(node, reduceSumPlan(node));
}

function lowerSum(node: KernelNode<ReductionAttributes>, plan: MeanPlan): KernelPlan {
  const params = struct('whittle_mean_s8_params', {
    shape: alternatingShape(node, plan.inputShape, plan.axes),
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
    multiplier: plan.multiplier,
    shift: plan.shift,
  });
  return { calls: [call(`whittle_mean_${suffixOf(node.outputs[0])}`, params, input(0), output(0))] };
}

export function lowerReduceMax(node: KernelNode<ReductionAttributes>): KernelPlan {
  return lowerReduceExtremum(node, 'whittle_reduce_max_s8');
}

export function lowerReduceMin(node: KernelNode<ReductionAttributes>): KernelPlan {
  return lowerReduceExtremum(node, 'whittle_reduce_min_s8');
}

function lowerReduceExtremum(node: KernelNode<ReductionAttributes>, kernel: string): KernelPlan {
  const { inputShape, axes } = reduceExtremumPlan(node);
  const params = struct('whittle_reduce_max_s8_params', { shape: alternatingShape(node, inputShape, axes) });
  return { calls: [call(kernel, params, input(0), output(0))] };
}

export function lowerArgMax(node: KernelNode<ArgExtremumAttributes>): KernelPlan {
  return lowerArgExtremum(node, 'whittle_arg_max_s8');
}

export function lowerArgMin(node: KernelNode<ArgExtremumAttributes>): KernelPlan {
  return lowerArgExtremum(node, 'whittle_arg_min_s8');
}

function lowerArgExtremum(node: KernelNode<ArgExtremumAttributes>, kernel: string): KernelPlan {
  const { outer, extent, inner } = argExtremumPlan(node);
  return { calls: [call(kernel, ...[outer, extent, inner].map(integer), input(0), output(0))] };
}

export function lowerCumsum(node: KernelNode<CumsumAttributes>): KernelPlan {
  const { outer, extent, inner, multiplier, shift, outputZeroPoint, exclusive, reverse } = cumsumPlan(node);
  const params = struct('whittle_cumsum_s8_params', {
    outer,
    extent,
    inner,
    multiplier,
    shift,
    output_zero_point: outputZeroPoint,
    exclusive: Number(exclusive),
    reverse: Number(reverse),
  });
  return {
    calls: [call('whittle_cumsum_s8', params, input(0), output(0))],
    inPlace: [{ input: 0, output: 0 }],
  };
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
