import type { NodeView, Tensor, TransposeConvAttributes } from '@whittle/core';
import type { Int8Kernel } from '../lowering.js';
import { transposeConvPlan } from '../plans/transpose-convolution.js';
import { finishChannel } from './finish-channel.js';
import { allocateSums, linearOperands } from './linear-weights.js';

/** TRANSPOSE_CONV: every input pixel adds to the sums of the output pixels around it. */
export function prepareTransposeConv2d(
  n: NodeView<TransposeConvAttributes>,
  constants: readonly (Tensor | undefined)[],
): Int8Kernel {
  const plan = transposeConvPlan(n);
  const { inputHeight, inputWidth, inputChannels: channels, outputHeight, outputWidth } = plan;
  const { outputChannels: outputs, accumulator } = plan;
  const { weight, bias } = linearOperands(n, constants, { outputs, accumulator });
  const taps = plan.kernelHeight * plan.kernelWidth;
  const sums = allocateSums(accumulator, outputHeight * outputWidth * outputs);
  const pixels = inputHeight * inputWidth;
  return ([input], [output]) => {
    for (let image = 0; image < plan.batch; image++) {
      for (let i = 0; i < sums.length; i++) sums[i] = bias[i % outputs];
      for (let pixel = 0; pixel < pixels; pixel++) {
        const from = (image * pixels + pixel) * channels;
        const top = Math.floor(pixel / inputWidth) * plan.strideHeight - plan.padTop;
        const left = (pixel % inputWidth) * plan.strideWidth - plan.padLeft;
        for (let tap = 0; tap < taps; tap++) {
          const y = top + Math.floor(tap / plan.kernelWidth);
          const x = left + (tap % plan.kernelWidth);
          if (y < 0 || y >= outputHeight || x < 0 || x >= outputWidth) continue;
          const to = (y * outputWidth + x) * outputs;
          for (let c = 0; c < channels; c++) {
            const value = (input[from + c] as number) - plan.inputZeroPoint;
            const row = (tap * channels + c) * outputs;
            for (let o = 0; o < outputs; o++) sums[to + o] += Math.imul(value, weight[row + o]);
          }
        }
      }
      const at = image * sums.length;
      for (let i = 0; i < sums.length; i++) output[at + i] = finishChannel(sums[i], i % outputs, plan);
    }
  };
}
