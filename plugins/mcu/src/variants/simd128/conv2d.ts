import type { ConvAttributes } from '@whittle/core';
import { convPlan } from '@whittle/int8';
import type { ConvPlan } from '@whittle/int8';
import type { KernelContext, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { channelConstants } from '../../lowerings/channel-constants.js';
import { lowerConv2d } from '../../lowerings/conv2d.js';
import { stripOverlap } from '../../lowerings/row-overlap.js';
import { shortForm } from './short-form.js';
import { stripHeight, stripRows } from './strip-rows.js';
import { vectorCalls } from './vector-calls.js';

/** Any convolution whose output stage has the short form. */
export function simd128Conv2d(
  node: KernelNode<ConvAttributes>,
  context: KernelContext,
): KernelPlan | undefined {
  const plan = convPlan(node);
  const channels = shortForm(plan);
  if (!channels) return undefined;
  const rows = stripRows(plan, context, (count) => 2 * stripElements(plan, count));
  const constants = channelConstants(channels);
  return {
    calls: vectorCalls(lowerConv2d(node, context), { fields: { strip_rows: rows }, constants }),
    scratchBytes: 2 * (stripElements(plan, rows) + weightElements(plan)) + 4 * stretches(plan),
    overlap: stripOverlap(plan, rows),
  };
}

/** int16 elements of the widened input strip, as the kernel's header says. */
function stripElements(plan: ConvPlan, rows: number): number {
  const width = (plan.outputWidth - 1) * plan.strideWidth + (plan.kernelWidth - 1) * plan.dilationWidth + 1;
  return roundUp(stripHeight(plan, rows) * width * plan.inputChannels + 1, 2);
}

/** int16 elements of the unpacked weights of eight channels, as the kernel's header says. */
function weightElements(plan: ConvPlan): number {
  const run = (plan.kernelHeight * plan.kernelWidth * plan.inputChannels) / plan.groups / stretches(plan);
  return stretches(plan) * roundUp(run, 2) * 8;
}

/** Stretches of consecutive elements in a window: kernel rows, or single pixels where these don't lie side by side. */
function stretches(plan: ConvPlan): number {
  const whole = plan.groups === 1 && plan.dilationWidth === 1;
  return plan.kernelHeight * (whole ? 1 : plan.kernelWidth);
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
