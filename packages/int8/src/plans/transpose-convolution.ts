import { concrete, transposeConvGeometry } from '@whittle/core';
import type { NodeView, TransposeConvAttributes } from '@whittle/core';
import { activationRange } from '../activation-range.js';
import type { ClampRange } from '../activation-range.js';
import { expectQuantization } from '../errors.js';
import { accumulatorOf, expectWideShifts } from './accumulator.js';
import type { Accumulator } from './accumulator.js';
import { convScales } from './convolution.js';
import type { WindowPlan } from './convolution.js';
import { channelMultipliers, weightQuantization } from './multipliers.js';
import type { ChannelMultipliers } from './multipliers.js';

/**
 * What TFLM's Prepare derives for TRANSPOSE_CONV of int8 or int16. An input pixel (y, x) adds weight * (x - inputZeroPoint) at
 * (y * strideHeight - padTop + ky, x * strideWidth - padLeft + kx) of the output, where that lies inside; the sum is
 * finished as that of a convolution. Weights stay in the model's layout, [kh, kw, I, O], with zero point 0.
 */
export interface TransposeConvPlan extends WindowPlan, ChannelMultipliers {
  readonly accumulator: Accumulator;
  readonly inputZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** @throws QUANTIZATION_INVALID */
export function transposeConvPlan(n: NodeView<TransposeConvAttributes>): TransposeConvPlan {
  const { scale, zeroPoint, axis } = weightQuantization(n);
  expectQuantization(
    scale.length === 1 || axis === 3,
    n,
    () => `weight scales must lie along axis 3, found axis ${axis}`,
  );
  expectQuantization(
    zeroPoint.every((z) => z === 0),
    n,
    () => 'weight zero points must be 0: the kernels ignore them',
  );
  const { input, output } = convScales(n);
  const accumulator = accumulatorOf(n, input.dtype);
  const { strides, activation } = n.attributes;
  const [batch, inputHeight, inputWidth, inputChannels] = concrete(n.inputs[0].shape);
  const [, outputHeight, outputWidth, outputChannels] = concrete(n.outputs[0].shape);
  const [kernelHeight, kernelWidth] = concrete(n.inputs[1].shape);
  const { top, left } = transposeConvGeometry(n);
  const multipliers = channelMultipliers(n, input, scale, output, outputChannels);
  if (accumulator === 'int64') expectWideShifts(n, multipliers);
  return {
    batch,
    inputHeight,
    inputWidth,
    inputChannels,
    outputHeight,
    outputWidth,
    outputChannels,
    kernelHeight,
    kernelWidth,
    strideHeight: strides[0],
    strideWidth: strides[1],
    padTop: top,
    padLeft: left,
    ...multipliers,
    accumulator,
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    clamp: activationRange(n, activation, output),
  };
}
