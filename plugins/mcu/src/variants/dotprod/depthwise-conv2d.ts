import type { DepthwiseAttributes } from '@whittle/core';
import type { DepthwisePlan } from '@whittle/int8';
import { input, output, scratch, struct } from '@whittle/kernel-api';
import type { KernelContext, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call, clampCalls, elements, extents, kernelFolder } from '../../lowerings/kernel-call.js';
import { imageFields } from '../../lowerings/linear-layer.js';
import { stripOverlap } from '../../lowerings/row-overlap.js';
import { stripBytes, stripRows } from '../neon/conv-layer.js';
import { depthwiseLayer } from '../neon/depthwise-layer.js';

const KERNEL = 3;
/** Channels that the kernel takes at a time, and needs. */
const CHANNELS = 8;

/** A depthwise convolution of 3 x 3 without stride or dilation, of 8 channels or more, whose factors are below 1/2. */
export function dotprodDepthwiseConv2d(
  node: KernelNode<DepthwiseAttributes>,
  context: KernelContext,
): KernelPlan | undefined {
  const layer = depthwiseLayer(node);
  if (!layer || !isCovered(layer.plan)) return undefined;
  const { plan, constants } = layer;
  const rows = evenRows(stripRows(plan, context), plan.outputHeight);
  const { input_channels: channels, ...image } = imageFields(plan);
  const params = extents(node, {
    ...image,
    channels,
    pad_top: plan.padTop,
    pad_left: plan.padLeft,
    strip_rows: rows,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  const name = 'whittle_depthwise_3x3_s8_dotprod';
  const loop = 'whittle_depthwise_pairs_s8_dotprod';
  return {
    calls: [
      call(
        name,
        struct(`${name}_params`, params),
        input(0),
        ...constants,
        { kind: 'function', kernel: { name: loop, folder: kernelFolder, file: `${loop}.S` } },
        scratch,
        output(0),
      ),
      ...clampCalls(plan.clamp, elements(node.outputs[0])),
    ],
    scratchBytes: 4 * Math.ceil(stripBytes(plan, rows) / 4),
    overlap: stripOverlap(plan, rows),
  };
}

function isCovered(plan: DepthwisePlan): boolean {
  return (
    plan.kernelHeight === KERNEL &&
    plan.kernelWidth === KERNEL &&
    plan.strideHeight * plan.strideWidth * plan.dilationHeight * plan.dilationWidth === 1 &&
    plan.inputChannels >= CHANNELS
  );
}

/** Rows go in pairs, of which the last may be half; no other strip than the last has an odd number if it can. */
function evenRows(rows: number, outputHeight: number): number {
  return rows < outputHeight && rows > 1 ? rows - (rows % 2) : rows;
}
