import type { DepthwiseAttributes } from '@whittle/core';
import type { DepthwisePlan } from '@whittle/int8';
import { input, output, scratch, struct } from '@whittle/kernel-api';
import type { KernelContext, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call, extents } from '../../lowerings/kernel-call.js';
import { windowFields } from '../../lowerings/linear-layer.js';
import { clampFields } from './clamp-fields.js';
import { stripOverlap } from '../../lowerings/row-overlap.js';
import { stripBytes, stripRows } from './conv-layer.js';
import { depthwiseLayer } from './depthwise-layer.js';

const CHANNELS = 16;

/** A depthwise convolution with multiplier 1, 16 channels or more, factors below 1/2 and no pair of taps -128. */
export function neonDepthwiseConv2d(
  node: KernelNode<DepthwiseAttributes>,
  context: KernelContext,
): KernelPlan | undefined {
  const layer = depthwiseLayer(node);
  if (!layer) return undefined;
  const { plan, filters, constants } = layer;
  if (plan.inputChannels < CHANNELS || filters.some(hasLowestPair)) return undefined;
  const rows = stripRows(plan, context);
  return {
    calls: [
      call(
        'whittle_depthwise_conv_2d_s8_neon',
        struct('whittle_depthwise_conv_2d_s8_neon_params', extents(node, fields(plan, rows))),
        input(0),
        ...constants,
        scratch,
        output(0),
      ),
    ],
    scratchBytes: 4 * Math.ceil((plan.kernelHeight * plan.kernelWidth * 4 + stripBytes(plan, rows)) / 4),
    overlap: stripOverlap(plan, rows),
  };
}

/** Whether the products of a pair of taps can reach 2 * 128 * 128, which 16 bits don't hold. */
function hasLowestPair(weights: Int8Array): boolean {
  return weights.some((weight, i) => i % 2 === 1 && weight === -128 && weights[i - 1] === -128);
}

function fields(plan: DepthwisePlan, rows: number): Record<string, number> {
  return {
    batches: plan.batch,
    input_height: plan.inputHeight,
    input_width: plan.inputWidth,
    channels: plan.inputChannels,
    output_height: plan.outputHeight,
    output_width: plan.outputWidth,
    ...windowFields(plan),
    strip_rows: rows,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
    ...clampFields(plan),
  };
}
