import type { ConvAttributes, DepthwiseAttributes, NodeView, Tensor, TypedArray } from '@whittle/core';
import type { Int8Kernel } from '../lowering.js';
import { convPlan, depthwisePlan } from '../plans/convolution.js';
import type { ConvPlan, DepthwisePlan } from '../plans/convolution.js';
import { finishChannel } from './finish-channel.js';
import { allocateSums, linearOperands, multiplyRows, rowsByOutput } from './linear-weights.js';

type Constants = readonly (Tensor | undefined)[];

/** CONV_2D: the window's pixels are gathered by group, less the zero point, then multiplied with each output's weights. */
export function prepareConv2d(n: NodeView<ConvAttributes>, constants: Constants): Int8Kernel {
  const plan = convPlan(n);
  const { groups, inputChannels, outputChannels: outputs, accumulator } = plan;
  const { weight, bias } = linearOperands(n, constants, { outputs, accumulator });
  const rows = rowsByOutput(weight, outputs);
  const perGroup = inputChannels / groups;
  const taps = plan.kernelHeight * plan.kernelWidth * perGroup;
  const outputsPerGroup = outputs / groups;
  const patch = new Int32Array(taps * groups);
  const sums = allocateSums(accumulator, outputs);
  return ([input], [output]) =>
    forEachWindow(plan, (image, top, left, at) => {
      gather(plan, input, image, top, left, patch);
      for (let g = 0; g < groups; g++)
        multiplyRows(patch, g * taps, rows, taps, sums, g * outputsPerGroup, (g + 1) * outputsPerGroup);
      for (let o = 0; o < outputs; o++) output[at + o] = finishChannel(sums[o] + bias[o], o, plan);
    });
}

/** DEPTHWISE_CONV_2D: sums of all channels grow together, tap by tap. */
export function prepareDepthwiseConv2d(n: NodeView<DepthwiseAttributes>, constants: Constants): Int8Kernel {
  const plan = depthwisePlan(n);
  const { outputChannels: outputs, depthMultiplier, inputZeroPoint, inputChannels, accumulator } = plan;
  const { weight, bias } = linearOperands(n, constants, { outputs, accumulator });
  const sums = allocateSums(accumulator, outputs);
  return ([input], [output]) =>
    forEachWindow(plan, (image, top, left, at) => {
      sums.set(bias);
      forEachTap(plan, image, top, left, (pixel, tap) => {
        const row = tap * outputs;
        for (let c = 0, o = 0; c < inputChannels; c++) {
          const x = (input[pixel + c] as number) - inputZeroPoint;
          for (let m = 0; m < depthMultiplier; m++, o++) sums[o] += Math.imul(x, weight[row + o]);
        }
      });
      for (let o = 0; o < outputs; o++) output[at + o] = finishChannel(sums[o], o, plan);
    });
}

/** Calls `visit` for each output pixel: the image's number, the window's corner (perhaps outside) and the output's index. */
function forEachWindow(
  plan: DepthwisePlan | ConvPlan,
  visit: (image: number, top: number, left: number, at: number) => void,
): void {
  const { batch, outputHeight, outputWidth, outputChannels } = plan;
  let at = 0;
  for (let image = 0; image < batch; image++)
    for (let oy = 0; oy < outputHeight; oy++)
      for (let ox = 0; ox < outputWidth; ox++, at += outputChannels)
        visit(image, oy * plan.strideHeight - plan.padTop, ox * plan.strideWidth - plan.padLeft, at);
}

/** Calls `visit` for each tap inside the image: the index of the pixel's first channel, and the tap's number. */
function forEachTap(
  plan: DepthwisePlan | ConvPlan,
  image: number,
  top: number,
  left: number,
  visit: (pixel: number, tap: number) => void,
): void {
  const { inputHeight, inputWidth, inputChannels, kernelWidth } = plan;
  for (let ky = 0; ky < plan.kernelHeight; ky++) {
    const y = top + ky * plan.dilationHeight;
    if (y < 0 || y >= inputHeight) continue;
    for (let kx = 0; kx < kernelWidth; kx++) {
      const x = left + kx * plan.dilationWidth;
      if (x < 0 || x >= inputWidth) continue;
      visit(((image * inputHeight + y) * inputWidth + x) * inputChannels, ky * kernelWidth + kx);
    }
  }
}

/** Copies a window, less the zero point, to [groups][taps][channels of a group]; 0 outside the image. */
function gather(
  plan: ConvPlan,
  input: TypedArray,
  image: number,
  top: number,
  left: number,
  patch: Int32Array,
): void {
  const { groups, inputChannels, inputZeroPoint } = plan;
  const perGroup = inputChannels / groups;
  const span = (patch.length / groups) | 0;
  patch.fill(0);
  forEachTap(plan, image, top, left, (pixel, tap) => {
    for (let g = 0; g < groups; g++) {
      const to = g * span + tap * perGroup;
      const from = pixel + g * perGroup;
      for (let i = 0; i < perGroup; i++) patch[to + i] = (input[from + i] as number) - inputZeroPoint;
    }
  });
}
