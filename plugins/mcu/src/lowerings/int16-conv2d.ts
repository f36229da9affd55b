import type { ConvAttributes } from '@whittle/core';
import type { ConvPlan } from '@whittle/int8';
import { scratch } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkSums, dotRows, int16Call, wideField } from './int16-layer.js';
import { extents } from './kernel-call.js';
import { imageFields, windowFields } from './linear-layer.js';
import { pixelOverlap } from './row-overlap.js';

/** CONV_2D of int16, its weights brought to [O, kh, kw, I]. */
export function lowerInt16Conv2d(
  node: KernelNode<ConvAttributes>,
  plan: ConvPlan,
  rows: Int8Array,
): KernelPlan {
  const bias = node.constants[2]?.data;
  const taps = rows.length / plan.outputChannels;
  checkSums(node, plan, taps, bias);
  const params = extents(node, {
    ...imageFields(plan),
    output_channels: plan.outputChannels,
    ...windowFields(plan),
    groups: plan.groups,
  });
  return {
    calls: [
      int16Call('whittle_conv_2d_s16', {
        params: { ...params, ...wideField(plan) },
        filters: dotRows(rows, taps),
        bias,
        plan,
        scratch,
      }),
    ],
    scratchBytes: Math.ceil((2 * taps * plan.groups) / 4) * 4,
    overlap: pixelOverlap(plan, 2),
  };
}
