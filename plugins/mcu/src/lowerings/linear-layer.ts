import type { ClampRange, ConvPlan, DepthwisePlan } from '@whittle/int8';
import { input, output, scratch, struct, weights } from '@whittle/kernel-api';
import type { KernelCall, KernelNode, StructFields } from '@whittle/kernel-api';
import type { ChannelConstants } from './channel-constants.js';
import { call, clampCalls, elements } from './kernel-call.js';

/** Extents of the images, as the parameters of both convolution kernels begin. */
export function imageFields(plan: ConvPlan | DepthwisePlan): Record<string, number> {
  return {
    batches: plan.batch,
    input_height: plan.inputHeight,
    input_width: plan.inputWidth,
    input_channels: plan.inputChannels,
    output_height: plan.outputHeight,
    output_width: plan.outputWidth,
  };
}

/** The window and how it moves, as both convolution kernels have it. */
export function windowFields(plan: ConvPlan | DepthwisePlan): Record<string, number> {
  return {
    kernel_height: plan.kernelHeight,
    kernel_width: plan.kernelWidth,
    stride_height: plan.strideHeight,
    stride_width: plan.strideWidth,
    dilation_height: plan.dilationHeight,
    dilation_width: plan.dilationWidth,
    pad_top: plan.padTop,
    pad_left: plan.padLeft,
  };
}

/** What a kernel reads that multiplies with weights, adds a bias and rescales each output channel. */
export interface LinearLayer {
  readonly params: StructFields;
  readonly filters: Int8Array;
  readonly bias: Int32Array | undefined;
  readonly constants: ChannelConstants;
  readonly clamp: ClampRange;
}

/** The call of such a kernel, whose arguments all have in this order, and the clamp behind it where there is one. */
export function linearCalls(
  node: Pick<KernelNode, 'outputs'>,
  kernel: string,
  { params, filters, bias, constants, clamp }: LinearLayer,
): KernelCall[] {
  return [
    call(
      kernel,
      struct(`${kernel}_params`, params),
      input(0),
      weights('weights', filters),
      weights('bias', bias),
      constants.multipliers,
      constants.shifts,
      scratch,
      output(0),
    ),
    ...clampCalls(clamp, elements(node.outputs[0])),
  ];
}
