import type { ConvAttributes } from '@whittle/core';
import { convPlan } from '@whittle/int8';
import type { ConvPlan } from '@whittle/int8';
import type { KernelContext, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkAccumulators } from '../../lowerings/accumulator-bound.js';
import { clampCalls, elements } from '../../lowerings/kernel-call.js';
import { convPatches } from './conv-patches.js';
import { convRows } from './conv-rows.js';
import { denseCall } from './dense.js';
import { linearScaling } from '../linear-scaling.js';
import type { LinearScaling } from '../linear-scaling.js';
import { callsOf } from '../counterparts.js';

/** A convolution, with its weights by output: row, column, channel. */
export interface ConvLayer {
  readonly plan: ConvPlan;
  readonly filters: readonly Int8Array[];
  readonly scaling: LinearScaling;
}

/** Byte offsets of a tile's outputs are halfwords in the kernels. */
const MAX_OUTPUT_CHANNELS = 16384;

export function mveConv2d(
  node: KernelNode<ConvAttributes>,
  { optimize }: KernelContext,
): KernelPlan | undefined {
  const plan = convPlan(node);
  const weights = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!weights || (node.inputs[2] && !bias)) return undefined;
  if (plan.groups > 1 || plan.outputChannels > MAX_OUTPUT_CHANNELS) return undefined;
  const filters = Array.from({ length: plan.outputChannels }, (_, c) =>
    Int8Array.from(
      { length: weights.length / plan.outputChannels },
      (_, i) => weights[i * plan.outputChannels + c],
    ),
  );
  checkAccumulators(
    node,
    filters.map((each, c) => ({ weights: each, bias: bias?.[c] ?? 0 })),
    plan.inputZeroPoint,
  );
  const scaling = linearScaling(plan, filters, bias);
  if (!scaling) return undefined;
  const layer = { plan, filters, scaling };
  return onePixel(node, layer) ?? convRows(node, layer, optimize) ?? convPatches(node, layer);
}

/** A convolution whose only window is the image as it is, which makes it a dense layer. */
function onePixel(
  node: KernelNode<ConvAttributes>,
  { plan, filters, scaling }: ConvLayer,
): KernelPlan | undefined {
  const { batch, kernelHeight, kernelWidth, padTop, padLeft, outputZeroPoint } = plan;
  const whole = kernelHeight === plan.inputHeight && kernelWidth === plan.inputWidth;
  const dense = plan.dilationHeight * plan.dilationWidth === 1 && padTop + padLeft === 0;
  if (!whole || !dense || plan.outputHeight * plan.outputWidth > 1) return undefined;
  return {
    calls: [
      denseCall({ batches: batch, filters, scaling, outputZeroPoint }),
      ...callsOf('mve', clampCalls(plan.clamp, elements(node.outputs[0]))),
    ],
  };
}
