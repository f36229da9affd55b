import { input, output, scratch, struct, weights } from '@whittle/kernel-api';
import type { KernelArgument, KernelNode, KernelPlan, Optimization } from '@whittle/kernel-api';
import type { ConvPlan } from '@whittle/int8';
import { call, clampCalls, elements } from '../../lowerings/kernel-call.js';
import { rowOverlap } from '../../lowerings/row-overlap.js';
import { callsOf } from '../counterparts.js';
import { tileKernel, tileStream } from './conv-tiles.js';
import type { ConvLayer } from './conv2d.js';

/** A strip of padded rows is not made taller than one output row beyond this many bytes, nor where RAM comes first. */
const STRIP_BYTES = 3072;

/** The kernel that runs over rows of the image, for windows of 3 x 3 at most, or undefined where it doesn't fit. */
export function convRows(
  node: Pick<KernelNode, 'outputs'>,
  layer: ConvLayer,
  optimize: Optimization,
): KernelPlan | undefined {
  const plan = asOneRow(layer.plan);
  const { inputChannels: depth, kernelHeight, kernelWidth } = plan;
  if (kernelHeight > 3 || kernelWidth > 3 || plan.outputWidth < 4) return undefined;
  if (depth % 16 > 0 && kernelHeight * kernelWidth > 1) return undefined;
  const window = {
    depth,
    pixel: depth,
    kernelHeight,
    kernelWidth,
    stride: plan.strideWidth,
    dilation: kernelWidth > 1 ? plan.dilationWidth : 1,
  };
  const kernel = tileKernel(window, plan, layer.scaling);
  if (!kernel) return undefined;
  const windowRows = span(kernelHeight, plan.dilationHeight, 1, 1);
  const windowColumns = span(kernelWidth, plan.dilationWidth, plan.outputWidth, plan.strideWidth);
  const height = span(kernelHeight, plan.dilationHeight, plan.outputHeight, plan.strideHeight);
  const padded =
    plan.padTop > 0 || plan.padLeft > 0 || height > plan.inputHeight || windowColumns > plan.inputWidth;
  const line = windowColumns * depth;
  const stripRows = padded ? rowsOfStrip(plan, windowRows, line, optimize === 'ram' ? 0 : STRIP_BYTES) : 0;
  const params = struct('whittle_conv_2d_s8_mve_params', {
    batches: plan.batch,
    input_height: plan.inputHeight,
    input_width: plan.inputWidth,
    input_channels: depth,
    output_height: plan.outputHeight,
    output_width: plan.outputWidth,
    output_channels: plan.outputChannels,
    window_rows: windowRows,
    window_columns: windowColumns,
    stride_height: plan.strideHeight,
    dilation_height: plan.dilationHeight,
    pad_top: plan.padTop,
    pad_left: plan.padLeft,
    strip_rows: stripRows,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  const stream = weights('weights', tileStream(window, layer.filters, layer.scaling));
  const tiles: KernelArgument = { kind: 'function', kernel };
  const buffer: KernelArgument = padded ? scratch : { kind: 'null' };
  return {
    calls: [
      call('whittle_conv_2d_s8_mve', params, input(0), stream, tiles, buffer, output(0)),
      ...callsOf('mve', clampCalls(plan.clamp, elements(node.outputs[0]))),
    ],
    scratchBytes: padded ? ((stripRows - 1) * plan.strideHeight + windowRows) * line : 0,
    overlap: padded ? rowOverlap(plan, stripRows) : tileOverlap(plan),
  };
}

/** The pixels of all images as one row, where outputs and inputs correspond one to one. */
function asOneRow(plan: ConvPlan): ConvPlan {
  const { batch, kernelHeight, kernelWidth, strideHeight, strideWidth, padTop, padLeft } = plan;
  const same = plan.outputHeight === plan.inputHeight && plan.outputWidth === plan.inputWidth;
  const pointwise = kernelHeight * kernelWidth * strideHeight * strideWidth === 1 && same;
  if (!pointwise || padTop + padLeft > 0) return plan;
  const pixels = batch * plan.outputHeight * plan.outputWidth;
  return { ...plan, batch: 1, inputHeight: 1, outputHeight: 1, inputWidth: pixels, outputWidth: pixels };
}

/**
 * How the output of a pointwise convolution may overlap the input: a tile of 4 pixels is written while it is read, and
 * the last tile begins with pixels of the one before.
 */
function tileOverlap(plan: ConvPlan): NonNullable<KernelPlan['overlap']> {
  const { outputHeight, outputWidth, inputWidth, inputChannels, outputChannels } = plan;
  if (plan.batch * outputHeight > 1 || outputWidth !== inputWidth) return [];
  const last = outputWidth * outputChannels - (outputWidth - 4) * inputChannels;
  return [{ input: 0, output: 0, distance: Math.max(4 * outputChannels, last) }];
}

function rowsOfStrip(plan: ConvPlan, windowRows: number, line: number, bytes: number): number {
  const rows = Math.floor((bytes / line - windowRows) / plan.strideHeight) + 1;
  return Math.max(1, Math.min(plan.outputHeight, rows));
}

/** Pixels that `outputs` windows in a row reach together. */
export function span(kernel: number, dilation: number, outputs: number, stride: number): number {
  return (outputs - 1) * stride + (kernel - 1) * dilation + 1;
}
