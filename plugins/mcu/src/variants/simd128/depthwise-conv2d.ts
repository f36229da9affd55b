import type { DepthwiseAttributes } from '@whittle/core';
import { depthwisePlan } from '@whittle/int8';
import type { DepthwisePlan } from '@whittle/int8';
import type { KernelContext, KernelLowering, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { channelConstants } from '../../lowerings/channel-constants.js';
import { lowerDepthwiseConv2d } from '../../lowerings/depthwise-conv2d.js';
import { stripOverlap } from '../../lowerings/row-overlap.js';
import { shortForm } from './short-form.js';
import { stripHeight, stripRows } from './strip-rows.js';
import { vectorCalls } from './vector-calls.js';

const lowerPortable: KernelLowering<DepthwiseAttributes> = lowerDepthwiseConv2d;

/** A depthwise convolution with multiplier 1 whose output stage has the short form. */
export function simd128DepthwiseConv2d(
  node: KernelNode<DepthwiseAttributes>,
  context: KernelContext,
): KernelPlan | undefined {
  const plan = depthwisePlan(node);
  const channels = shortForm(plan);
  if (!channels || plan.depthMultiplier !== 1) return undefined;
  const rows = stripRows(plan, context, (count) => stripBytes(plan, count));
  const constants = channelConstants(channels);
  const pairs = Math.ceil((plan.kernelHeight * plan.kernelWidth) / 2);
  return {
    calls: vectorCalls(lowerPortable(node, context), { fields: { strip_rows: rows }, constants }),
    scratchBytes: stripBytes(plan, rows) + 40 * pairs,
    overlap: stripOverlap(plan, rows),
  };
}

/** Bytes of the widened input strip, as the kernel's header says. */
function stripBytes(plan: DepthwisePlan, rows: number): number {
  const width = (plan.outputWidth - 1) * plan.strideWidth + (plan.kernelWidth - 1) * plan.dilationWidth + 1;
  return 2 * stripHeight(plan, rows) * width * Math.ceil(plan.inputChannels / 8) * 8;
}
