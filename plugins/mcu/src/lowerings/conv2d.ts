import { unsupported, conv2d } from '@whittle/core';
import type { ConvAttributes } from '@whittle/core';
import { convPlan } from '@whittle/int8';
import type { ConvPlan } from '@whittle/int8';
import type { KernelContext, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkAccumulators } from './accumulator-bound.js';
import { channelConstants } from './channel-constants.js';
import { lowerInt16Conv2d } from './int16-conv2d.js';
import { extents } from './kernel-call.js';
import { imageFields, linearCalls, windowFields } from './linear-layer.js';
import { rowOverlap } from './row-overlap.js';

/** Output pixels of a strip from which unpacking the weights for each strip hardly shows. */
const STRIP_PIXELS = 32;
/** A strip is not made taller than one row beyond this many bytes. */
const STRIP_BYTES = 8192;
/** The same, where RAM comes first. */
const SMALL_STRIP_BYTES = 1024;

export function lowerConv2d(node: KernelNode<ConvAttributes>, { optimize }: KernelContext): KernelPlan {
  const plan = convPlan(node);
  const filters = packFilters(node, plan);
  if (node.inputs[0].dtype === 'int16') return lowerInt16Conv2d(node, plan, filters);
  const bias = node.constants[2]?.data as Int32Array | undefined;
  checkAccumulators(node, filtersOf(filters, bias, plan), plan.inputZeroPoint);
  const rows = stripRows(plan, optimize === 'ram' ? SMALL_STRIP_BYTES : STRIP_BYTES);
  const constants = channelConstants(plan);
  const params = extents(node, {
    ...imageFields(plan),
    output_channels: plan.outputChannels,
    ...windowFields(plan),
    groups: plan.groups,
    strip_rows: rows,
    channel_step: constants.step,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  return {
    calls: linearCalls(node, 'whittle_conv_2d_s8', { params, filters, bias, constants, clamp: plan.clamp }),
    scratchBytes: 2 * (stripElements(plan, rows) + weightElements(plan)) + 4 * stretches(plan),
    overlap: rowOverlap(plan, rows),
  };
}

/** From [kh, kw, I, O] to the kernel's [O, kh, kw, I]. @throws OP_UNSUPPORTED where weights or bias are computed */
function packFilters(node: KernelNode<ConvAttributes>, plan: ConvPlan): Int8Array {
  const data = node.constants[1]?.data;
  if (!data || node.constants.length !== node.inputs.length || (node.inputs[2] && !node.constants[2]))
    throw unsupported('kernel', conv2d, node);
  const size = data.length / plan.outputChannels;
  const packed = new Int8Array(data.length);
  for (let tap = 0, from = 0; tap < size; tap++)
    for (let channel = 0; channel < plan.outputChannels; channel++, from++)
      packed[channel * size + tap] = Number(data[from]);
  return packed;
}

function* filtersOf(packed: Int8Array, bias: Int32Array | undefined, plan: ConvPlan) {
  const size = packed.length / plan.outputChannels;
  for (let channel = 0; channel < plan.outputChannels; channel++)
    yield {
      weights: packed.subarray(channel * size, (channel + 1) * size),
      bias: bias?.[channel] ?? 0,
    };
}

function stripRows(plan: ConvPlan, bytes: number): number {
  let rows = Math.min(plan.outputHeight, Math.ceil(STRIP_PIXELS / plan.outputWidth));
  while (rows > 1 && 2 * stripElements(plan, rows) > bytes) rows--;
  return rows;
}

/** int16 elements of the widened input strip, as the kernel's header says. */
function stripElements(plan: ConvPlan, rows: number): number {
  const height = (rows - 1) * plan.strideHeight + (plan.kernelHeight - 1) * plan.dilationHeight + 1;
  const width = (plan.outputWidth - 1) * plan.strideWidth + (plan.kernelWidth - 1) * plan.dilationWidth + 1;
  return roundUp(height * width * plan.inputChannels + 1, 2);
}

/** int16 elements of the unpacked weights of four channels, as the kernel's header says. */
function weightElements(plan: ConvPlan): number {
  const run = (plan.kernelHeight * plan.kernelWidth * plan.inputChannels) / plan.groups / stretches(plan);
  return stretches(plan) * roundUp(run, 2) * 4;
}

/** Stretches of consecutive elements in a window: kernel rows, or single pixels where these don't lie side by side. */
function stretches(plan: ConvPlan): number {
  const whole = plan.groups === 1 && plan.dilationWidth === 1;
  return plan.kernelHeight * (whole ? 1 : plan.kernelWidth);
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
