import type { DepthwiseAttributes } from '@whittle/core';
import { depthwisePlan } from '@whittle/int8';
import type { DepthwisePlan } from '@whittle/int8';
import { input, output, scratch, struct, weights } from '@whittle/kernel-api';
import type { KernelContext, KernelNode, KernelPlan, KernelSource } from '@whittle/kernel-api';
import { checkAccumulators } from '../../lowerings/accumulator-bound.js';
import { clampCalls, elements, extents, kernelFolder } from '../../lowerings/kernel-call.js';
import { commonShift } from './common-shift.js';
import { isShared, outputStage, packBiases, packScales } from './output-stage.js';
import type { Filter } from './output-stage.js';

const name = 'whittle_depthwise_conv_2d_s8_dsp';

/** Bytes of the constants of a group of channels, in scratch. */
const GROUP_BYTES = 160;
/** Rows of the image wait in slots of this many bytes together, or of two slots. */
const SLOTS_BYTES = { speed: 1024, ram: 384, flash: 1024 } as const;

/** A kernel of 3 x 3, at stride 1 or 2, on 4 channels or more. */
export function dspDepthwiseConv2d(
  node: KernelNode<DepthwiseAttributes>,
  { optimize }: KernelContext,
): KernelPlan | undefined {
  const plan = depthwisePlan(node);
  const data = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!data || (node.inputs[2] && !bias) || !isCovered(plan)) return undefined;
  const channels = plan.inputChannels;
  const filters = Array.from({ length: channels }, (_, c): Filter => ({
    weights: Int8Array.from({ length: 9 }, (_, tap) => data[tap * channels + c]),
    bias: bias?.[c] ?? 0,
  }));
  checkAccumulators(node, filters, plan.inputZeroPoint);
  const stage = outputStage(plan, filters);
  if (!stage) return undefined;
  const shared = isShared(stage);
  const { multipliers, bases } = packScales(stage);
  const biases = packBiases(stage.filters);
  const shift = plan.outputZeroPoint === -128 ? commonShift(stage, plan.inputZeroPoint) : 0;
  const slotBytes = 32 * Math.ceil(planeWidth(plan) / 2);
  const chunk = chunkOf(plan, SLOTS_BYTES[optimize], slotBytes);
  const params = extents(node, {
    batches: plan.batch,
    input_height: plan.inputHeight,
    input_width: plan.inputWidth,
    channels,
    output_height: plan.outputHeight,
    output_width: plan.outputWidth,
    stride: plan.strideHeight,
    pad_top: plan.padTop,
    pad_left: plan.padLeft,
    chunk,
    common_shift: shift,
    channel_step: shared ? 0 : 1,
    shift_step: bases.length > 1 ? 1 : 0,
    bias_bytes: biases.BYTES_PER_ELEMENT,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  const constants = [
    weights('weights', Int8Array.from(stage.filters.flatMap((filter) => [...filter.weights]))),
    weights('bias', biases),
    weights('multipliers', multipliers.slice(0, shared ? 1 : channels)),
    weights('shifts', bases),
  ];
  const rows = { kind: 'function', kernel: rowsKernel(plan, shift) } as const;
  return {
    calls: [
      {
        kernel: { name, folder: kernelFolder },
        arguments: [struct(`${name}_params`, params), rows, input(0), ...constants, scratch, output(0)],
      },
      ...clampCalls(plan.clamp, elements(node.outputs[0])),
    ],
    scratchBytes: slotBytes * (chunk + 1) + GROUP_BYTES,
    inPlace: isInPlace(plan) ? [{ input: 0, output: 0 }] : [],
  };
}

function isCovered(plan: DepthwisePlan): boolean {
  return (
    plan.kernelHeight === 3 &&
    plan.kernelWidth === 3 &&
    plan.dilationHeight === 1 &&
    plan.dilationWidth === 1 &&
    plan.strideHeight === plan.strideWidth &&
    plan.strideHeight <= 2 &&
    plan.depthMultiplier === 1 &&
    plan.inputChannels >= 4 &&
    plan.padLeft < planeWidth(plan)
  );
}

/** Columns that the windows of a row meet, padding included. */
function planeWidth({ outputWidth, strideWidth }: DepthwisePlan): number {
  return (outputWidth - 1) * strideWidth + 3;
}

function isInPlace(plan: DepthwisePlan): boolean {
  return (
    plan.strideHeight === 1 &&
    plan.padTop <= 2 &&
    plan.inputHeight === plan.outputHeight &&
    plan.inputWidth === plan.outputWidth
  );
}

/** Output rows, or pairs of them at stride 1, that are computed together. */
function chunkOf({ outputHeight, strideHeight }: DepthwisePlan, bytes: number, slotBytes: number): number {
  const all = strideHeight === 1 ? outputHeight >> 1 : outputHeight;
  return Math.max(1, Math.min(all, Math.floor(bytes / slotBytes) - 1));
}

function rowsKernel({ strideHeight }: DepthwisePlan, shift: number): KernelSource {
  return {
    name: `whittle_depthwise_rows_s8_dsp_${strideHeight}_${shift}`,
    folder: kernelFolder,
    instance: {
      template: 'whittle_depthwise_rows_s8_dsp.S.inc',
      header: 'whittle_depthwise_rows_s8_dsp.h.inc',
      macros: { STRIDE: strideHeight, SHIFT: shift },
    },
  };
}
