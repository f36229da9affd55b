import { input, output, scratch, struct, weights } from '@whittle/kernel-api';
import type { KernelArgument, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call, clampCalls, elements } from '../../lowerings/kernel-call.js';
import { span } from './conv-rows.js';
import { callsOf } from '../counterparts.js';
import { tileKernel, tileStream } from './conv-tiles.js';
import type { ConvLayer } from './conv2d.js';

/** Patches are gathered for one call up to this many bytes, but 4 at least. */
const PATCH_BYTES = 512;
/** Bytes that are read or written beyond the end of patches and rows. */
const SLACK = 16;

/** The kernel that gathers windows into patches, or undefined where it doesn't fit. */
export function convPatches(node: Pick<KernelNode, 'outputs'>, layer: ConvLayer): KernelPlan | undefined {
  const { plan } = layer;
  const { inputChannels, kernelHeight, kernelWidth, dilationWidth } = plan;
  if (plan.outputHeight * plan.outputWidth < 4) return undefined;
  const depth = kernelHeight * kernelWidth * inputChannels;
  const pixel = roundUp(depth, 4);
  const window = { depth, pixel, kernelHeight: 1, kernelWidth: 1, stride: 1, dilation: 1 };
  const kernel = tileKernel(window, plan, layer.scaling);
  if (!kernel) return undefined;
  const runs = dilationWidth === 1 ? 1 : kernelWidth;
  const windowRows = span(kernelHeight, plan.dilationHeight, 1, 1);
  const windowColumns = span(kernelWidth, dilationWidth, plan.outputWidth, plan.strideWidth);
  const patches = Math.max(4, Math.floor(PATCH_BYTES / pixel / 4) * 4);
  const params = struct('whittle_conv_patches_s8_mve_params', {
    batches: plan.batch,
    input_height: plan.inputHeight,
    input_width: plan.inputWidth,
    input_channels: inputChannels,
    output_height: plan.outputHeight,
    output_width: plan.outputWidth,
    output_channels: plan.outputChannels,
    kernel_height: kernelHeight,
    runs,
    run: (kernelWidth / runs) * inputChannels,
    run_step: dilationWidth * inputChannels,
    window_rows: windowRows,
    window_columns: windowColumns,
    stride_height: plan.strideHeight,
    stride_width: plan.strideWidth,
    dilation_height: plan.dilationHeight,
    pad_top: plan.padTop,
    pad_left: plan.padLeft,
    patch_bytes: pixel,
    patches,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  const stream = weights('weights', tileStream(window, layer.filters, layer.scaling));
  const tiles: KernelArgument = { kind: 'function', kernel };
  return {
    calls: [
      call('whittle_conv_patches_s8_mve', params, input(0), stream, tiles, scratch, output(0)),
      ...callsOf('mve', clampCalls(plan.clamp, elements(node.outputs[0]))),
    ],
    scratchBytes: roundUp(patches * pixel + windowRows * windowColumns * inputChannels + 2 * SLACK, 4),
  };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
