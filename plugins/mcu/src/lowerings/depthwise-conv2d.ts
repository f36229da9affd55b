import { depthwiseConv2d, unsupported } from '@whittle/core';
import type { DepthwiseAttributes } from '@whittle/core';
import { depthwisePlan } from '@whittle/int8';
import type { DepthwisePlan } from '@whittle/int8';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkAccumulators } from './accumulator-bound.js';
import { channelConstants } from './channel-constants.js';
import { lowerInt16DepthwiseConv2d } from './int16-depthwise-conv2d.js';
import { extents } from './kernel-call.js';
import { imageFields, linearCalls, windowFields } from './linear-layer.js';

/** A channel's plane is cut into strips beyond this many bytes. */
const PLANE_BYTES = 16384;

export function lowerDepthwiseConv2d(node: KernelNode<DepthwiseAttributes>): KernelPlan {
  const plan = depthwisePlan(node);
  const filters = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!filters || (node.inputs[2] && !bias)) throw unsupported('kernel', depthwiseConv2d, node);
  if (node.inputs[0].dtype === 'int16') return lowerInt16DepthwiseConv2d(node, plan, filters);
  checkAccumulators(node, filtersOf(filters, bias, plan), plan.inputZeroPoint);
  const rows = stripRows(plan);
  const constants = channelConstants(plan);
  const params = extents(node, {
    ...imageFields(plan),
    multiplier: plan.depthMultiplier,
    ...windowFields(plan),
    strip_rows: rows,
    channel_step: constants.step,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  const sameShape =
    plan.depthMultiplier === 1 &&
    plan.inputHeight === plan.outputHeight &&
    plan.inputWidth === plan.outputWidth;
  return {
    calls: linearCalls(node, 'whittle_depthwise_conv_2d_s8', {
      params,
      filters,
      bias,
      constants,
      clamp: plan.clamp,
    }),
    scratchBytes: 2 * (planeElements(plan, rows) + weightElements(plan)),
    inPlace: sameShape && rows === plan.outputHeight ? [{ input: 0, output: 0 }] : [],
  };
}

function* filtersOf(filters: Int8Array, bias: Int32Array | undefined, plan: DepthwisePlan) {
  const { outputChannels } = plan;
  const taps = filters.length / outputChannels;
  for (let c = 0; c < outputChannels; c++)
    yield {
      weights: Int8Array.from({ length: taps }, (_, tap) => filters[tap * outputChannels + c]),
      bias: bias?.[c] ?? 0,
    };
}

function stripRows(plan: DepthwisePlan): number {
  let rows = plan.outputHeight;
  while (rows > 1 && 2 * planeElements(plan, rows) > PLANE_BYTES) rows--;
  return rows;
}

/** int16 elements of the gathered plane, as the kernel's header says. */
function planeElements(plan: DepthwisePlan, rows: number): number {
  const height = (rows - 1) * plan.strideHeight + (plan.kernelHeight - 1) * plan.dilationHeight + 1;
  const width = (plan.outputWidth - 1) * plan.strideWidth + (plan.kernelWidth - 1) * plan.dilationWidth + 1;
  return Math.ceil((height * width + 1) / 2) * 2;
}

/** int16 elements of a channel's weights in pairs, as the kernel's header says. */
function weightElements(plan: DepthwisePlan): number {
  const pairs = plan.dilationWidth === 1 ? Math.ceil(plan.kernelWidth / 2) : plan.kernelWidth;
  return plan.kernelHeight * pairs * 2;
}
