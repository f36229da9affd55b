import type { ConvAttributes } from '@whittle/core';
import { convPlan } from '@whittle/int8';
import type { ConvPlan } from '@whittle/int8';
import type { KernelContext, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { input, output, scratch, struct, weights } from '@whittle/kernel-api';
import { checkAccumulators } from '../../lowerings/accumulator-bound.js';
import { call, clampCalls, elements, kernelFolder } from '../../lowerings/kernel-call.js';
import { convGeometry } from './conv-geometry.js';
import type { ConvGeometry } from './conv-geometry.js';
import { convStream } from './conv-stream.js';
import { convTiles } from './conv-tiles.js';
import { outputStage } from './output-stage.js';
import type { Filter } from './output-stage.js';

/** Stores reach three pixels further. */
const MAX_OUTPUT_CHANNELS = 1023;
const MAX_FIELD = 65535;

export function dspConv2d(
  node: KernelNode<ConvAttributes>,
  { optimize }: KernelContext,
): KernelPlan | undefined {
  const plan = convPlan(node);
  const data = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!data || (node.inputs[2] && !bias)) return undefined;
  if (plan.groups > 1 || plan.outputChannels < 2 || plan.outputChannels > MAX_OUTPUT_CHANNELS)
    return undefined;
  const filters = filtersOf(data, bias, plan.outputChannels);
  checkAccumulators(node, filters, plan.inputZeroPoint);
  const stage = outputStage(plan, filters);
  const geometry = stage && convGeometry(plan, optimize);
  const stream = geometry && convStream(geometry, stage);
  const fields = stream && paramFields(plan, geometry, stream.leastShift);
  if (!fields) return undefined;
  return {
    calls: [
      call(
        'whittle_conv_2d_s8_dsp',
        struct('whittle_conv_2d_s8_dsp_params', fields),
        input(0),
        weights('weights', stream.bytes),
        { kind: 'function', kernel: { name: `whittle_conv_${geometry.fill}_s8_dsp`, folder: kernelFolder } },
        { kind: 'function', kernel: convTiles(plan, geometry) },
        scratch,
        output(0),
      ),
      ...clampCalls(plan.clamp, elements(node.outputs[0])),
    ],
    scratchBytes: 4 * (geometry.stripWords + 8 + unpackedWords(geometry)),
    ...geometry.sharing,
  };
}

/** What the weights of two channels take when they are widened ahead. */
function unpackedWords({ packed, blocks, blockSteps }: ConvGeometry): number {
  return packed ? 0 : blocks * (2 * blockSteps + 1);
}

/** From [kh, kw, I, O] to a row [kh, kw, I] for each output. */
function filtersOf(data: Int8Array, bias: Int32Array | undefined, outputs: number): Filter[] {
  return Array.from({ length: outputs }, (_, c) => ({
    weights: Int8Array.from({ length: data.length / outputs }, (_, i) => data[i * outputs + c]),
    bias: bias?.[c] ?? 0,
  }));
}

function paramFields(plan: ConvPlan, geometry: ConvGeometry, leastShift: number) {
  const fields = {
    batches: geometry.batches,
    band: geometry.band,
    row_words: geometry.rowWords,
    pitch: geometry.pitch,
    phase: geometry.phase,
    input_height: plan.inputHeight,
    input_width: plan.inputWidth,
    input_channels: plan.inputChannels,
    output_width: plan.outputWidth,
    output_channels: plan.outputChannels,
    kernel_height: plan.kernelHeight,
    kernel_width: plan.kernelWidth,
    stride_height: plan.strideHeight,
    stride_width: plan.strideWidth,
    dilation_height: plan.dilationHeight,
    dilation_width: plan.dilationWidth,
    pad_top: plan.padTop,
    pad_left: plan.padLeft,
    stretches: geometry.stretches,
    pairs: geometry.pairs,
    singles: geometry.singles,
    units: geometry.units,
    block_steps: geometry.blockSteps,
    blocks: geometry.blocks,
    packed: geometry.packed ? 1 : 0,
    least_shift: leastShift,
  };
  if (Object.values(fields).some((value) => value > MAX_FIELD)) return undefined;
  return {
    lines: geometry.lines,
    strip_words: geometry.stripWords,
    ...fields,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  };
}
