import type { DepthwiseAttributes } from '@whittle/core';
import { depthwisePlan } from '@whittle/int8';
import type { DepthwisePlan } from '@whittle/int8';
import { input, output, scratch, struct, weights } from '@whittle/kernel-api';
import type { KernelArgument, KernelCall, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkAccumulators } from '../../lowerings/accumulator-bound.js';
import { clampCalls, elements, kernelFolder } from '../../lowerings/kernel-call.js';
import { callsOf } from '../counterparts.js';
import { sharesLines, tileLoop, tileStream } from './depthwise-tiles.js';
import { linearScaling } from '../linear-scaling.js';
import type { LinearScaling } from '../linear-scaling.js';

/** Bytes of an output row that a tile's halfword offsets reach, with four rows and with eight. */
const MAX_PAIR_ROW = 21844;
const MAX_SINGLE_ROW = 9362;
/** The lines of four channels are held for the whole image up to this many bytes. */
const HELD_BYTES = 2048;

export function mveDepthwiseConv2d(node: KernelNode<DepthwiseAttributes>): KernelPlan | undefined {
  const plan = depthwisePlan(node);
  const data = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!data || (node.inputs[2] && !bias) || !covers(plan)) return undefined;
  const { outputChannels: channels } = plan;
  const filters = Array.from({ length: channels }, (_, c) =>
    Int8Array.from({ length: data.length / channels }, (_, tap) => data[tap * channels + c]),
  );
  checkAccumulators(
    node,
    filters.map((each, c) => ({ weights: each, bias: bias?.[c] ?? 0 })),
    plan.inputZeroPoint,
  );
  const scaling = linearScaling(plan, filters, bias);
  if (!scaling) return undefined;
  const strip = 16 * lineRows(plan) * (sharesLines(plan) ? 1 : 2);
  const all = strip * Math.ceil(plan.outputWidth / 2);
  const sameShape = plan.inputHeight === plan.outputHeight && plan.inputWidth === plan.outputWidth;
  const held = sameShape && all <= HELD_BYTES;
  return {
    calls: [
      lineCall(plan, filters, scaling, held),
      ...callsOf('mve', clampCalls(plan.clamp, elements(node.outputs[0]))),
    ],
    scratchBytes: held ? all : strip,
    inPlace: held ? [{ input: 0, output: 0 }] : [],
  };
}

function covers(plan: DepthwisePlan): boolean {
  const { outputWidth, outputHeight, outputChannels } = plan;
  return (
    plan.depthMultiplier === 1 &&
    outputChannels % 4 === 0 &&
    plan.kernelHeight <= 4 &&
    plan.kernelWidth <= 4 &&
    (plan.dilationHeight === 1 || plan.kernelHeight === 1) &&
    (plan.dilationWidth === 1 || plan.kernelWidth === 1) &&
    plan.strideHeight <= 4 &&
    imageRows(plan) >= 4 &&
    outputHeight >= 4 &&
    (outputWidth > 1 || takesLastAlone(plan)) &&
    outputWidth * outputChannels <= MAX_PAIR_ROW
  );
}

function takesLastAlone({ outputWidth, outputHeight, outputChannels }: DepthwisePlan): boolean {
  return outputWidth % 2 > 0 && outputHeight >= 8 && outputWidth * outputChannels <= MAX_SINGLE_ROW;
}

/** Rows that loads of 4 rows each reach. */
function lineRows({ outputHeight, strideHeight }: DepthwisePlan): number {
  return (outputHeight - 1) * strideHeight + 4;
}

function imageRows(plan: DepthwisePlan): number {
  return Math.min(plan.inputHeight, lineRows(plan) - plan.padTop);
}

function lineCall(
  plan: DepthwisePlan,
  filters: readonly Int8Array[],
  scaling: LinearScaling,
  held: boolean,
): KernelCall {
  const { outputChannels: channels, inputHeight, inputWidth, outputHeight, outputWidth } = plan;
  const rows = lineRows(plan);
  const stream = tileStream(filters, scaling);
  const none: KernelArgument = { kind: 'null' };
  const params = struct('whittle_depthwise_conv_2d_s8_mve_params', {
    batches: plan.batch,
    input_bytes: inputHeight * inputWidth * channels,
    output_bytes: outputHeight * outputWidth * channels,
    channels,
    output_width: outputWidth,
    stride_width: plan.strideWidth,
    pad_top: plan.padTop,
    pad_left: plan.padLeft,
    line_rows: rows,
    lines: sharesLines(plan) ? 1 : 2,
    held: held ? 1 : 0,
    stream_bytes: stream.length / (channels / 4),
    input_zero_point: plan.inputZeroPoint,
  });
  const source = struct('whittle_depthwise_lines_s8_mve_params', {
    channels,
    columns: inputWidth,
    row_bytes: inputWidth * channels,
    rows: imageRows(plan),
    line_bytes: 4 * rows,
    zero_point: plan.inputZeroPoint,
  });
  const load: KernelArgument = {
    kind: 'function',
    kernel: {
      name: 'whittle_depthwise_lines_s8_mve',
      folder: kernelFolder,
      file: 'whittle_depthwise_lines_s8_mve.S',
    },
  };
  return {
    kernel: { name: 'whittle_depthwise_conv_2d_s8_mve', folder: kernelFolder },
    arguments: [
      params,
      source,
      load,
      input(0),
      weights('weights', stream),
      ...(outputWidth > 1 ? tileLoop(plan, 2, rows, scaling) : [none, none]),
      ...(takesLastAlone(plan) ? tileLoop(plan, 1, rows, scaling) : [none, none]),
      scratch,
      output(0),
    ],
  };
}
