import { concrete, convGeometry } from '@whittle/core';
import type { ConvAttributes, DepthwiseAttributes, NodeView, WindowGeometry } from '@whittle/core';
import { activationRange } from '../activation-range.js';
import type { ClampRange } from '../activation-range.js';
import { expectQuantization } from '../errors.js';
import { INT8_OR_INT16, inputScale, outputScale } from '../quantized-type.js';
import type { ActivationScale } from '../quantized-type.js';
import { accumulatorOf, expectWideShifts } from './accumulator.js';
import type { Accumulator } from './accumulator.js';
import { channelMultipliers, weightQuantization } from './multipliers.js';
import type { ChannelMultipliers } from './multipliers.js';

/** Extents of a sliding window over an NHWC image, in elements. Positions outside the image contribute nothing. */
export interface WindowPlan {
  readonly batch: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly outputChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
}

/**
 * What TFLM's Prepare derives for CONV_2D of int8 or int16. Output: multiply(sum of weight * (x - inputZeroPoint) + bias) +
 * outputZeroPoint, clamped. Weights stay in the model's layout, [kh, kw, I / groups, O], with zero point 0, as have int16
 * activations.
 */
export interface ConvPlan extends WindowPlan, ChannelMultipliers {
  readonly accumulator: Accumulator;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  /** Output channel c reads the input channels of group floor(c / (outputChannels / groups)). */
  readonly groups: number;
  readonly inputZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** As `ConvPlan`, for DEPTHWISE_CONV_2D: output channel c reads input channel floor(c / depthMultiplier). */
export interface DepthwisePlan extends Omit<ConvPlan, 'groups'> {
  readonly depthMultiplier: number;
}

/** @throws QUANTIZATION_INVALID */
export function convPlan(n: NodeView<ConvAttributes>): ConvPlan {
  const channels = concrete(n.outputs[0].shape)[3];
  const { scale, axis } = weightQuantization(n);
  expectQuantization(
    scale.length === 1 || axis === 3,
    n,
    () => `weight scales must lie along axis 3, found axis ${axis}`,
  );
  return { ...sharedPlan(n, scale, channels, ['int32', 'int64']), groups: n.attributes.groups };
}

/** @throws QUANTIZATION_INVALID */
export function depthwisePlan(n: NodeView<DepthwiseAttributes>): DepthwisePlan {
  const [, , inputs, depthMultiplier] = concrete(n.inputs[1].shape);
  const plan = sharedPlan(n, depthwiseScales(n), inputs * depthMultiplier, ['int64']);
  return { ...plan, depthMultiplier };
}

/** One weight scale for all, or one for each of the C * M output channels, from scales along axis 2, or 3 where C is 1. */
export function depthwiseScales(n: NodeView<DepthwiseAttributes>): Float32Array {
  const { scale, axis } = weightQuantization(n);
  const [, , inputs, depthMultiplier] = concrete(n.inputs[1].shape);
  if (scale.length === 1) return scale;
  if (axis === 2)
    return Float32Array.from(
      { length: inputs * depthMultiplier },
      (_, c) => scale[Math.floor(c / depthMultiplier)],
    );
  expectQuantization(
    axis === 3 && inputs === 1,
    n,
    () =>
      `depthwise weight scales must lie along axis 2, or 3 where there is one input channel, found axis ${axis}`,
  );
  return scale;
}

/** Scales of a convolution's input and output, of one type. @throws QUANTIZATION_INVALID where int16 has a zero point */
export function convScales(n: NodeView<unknown>): {
  readonly input: ActivationScale;
  readonly output: ActivationScale;
} {
  const input = inputScale(n, 0, INT8_OR_INT16);
  const output = outputScale(n, [input.dtype]);
  const zeroPoints = [input.zeroPoint, output.zeroPoint];
  expectQuantization(
    input.dtype === 'int8' || zeroPoints.every((z) => z === 0),
    n,
    () => `int16 zero points must be 0: the kernels ignore them, found ${zeroPoints.join(' and ')}`,
  );
  return { input, output };
}

/** `biases`: what int16 activations take, as in `accumulatorOf`. */
function sharedPlan(
  n: NodeView<DepthwiseAttributes>,
  weightScales: Float32Array,
  channels: number,
  biases: readonly Accumulator[],
) {
  const { zeroPoint } = weightQuantization(n);
  expectQuantization(
    zeroPoint.every((z) => z === 0),
    n,
    () => 'weight zero points must be 0: the kernels ignore them',
  );
  const { input, output } = convScales(n);
  const accumulator = accumulatorOf(n, input.dtype, biases);
  const multipliers = channelMultipliers(n, input, weightScales, output, channels);
  if (accumulator === 'int64') expectWideShifts(n, multipliers);
  const { strides, dilations, activation } = n.attributes;
  const [kernelHeight, kernelWidth] = concrete(n.inputs[1].shape);
  return {
    ...windowPlan(n, convGeometry(n), strides),
    ...multipliers,
    accumulator,
    kernelHeight,
    kernelWidth,
    dilationHeight: dilations[0],
    dilationWidth: dilations[1],
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    clamp: activationRange(n, activation, output),
  };
}

/**
 * Extents of a window that are the same for convolution and pooling. Explicit padding of a convolution gives what TFLM's
 * PAD with the zero point, then VALID, gives: neither adds to the sum.
 */
export function windowPlan(
  n: NodeView,
  geometry: WindowGeometry,
  strides: readonly [number, number],
): Omit<WindowPlan, 'kernelHeight' | 'kernelWidth'> {
  const [batch, inputHeight, inputWidth, inputChannels] = concrete(n.inputs[0].shape);
  return {
    batch,
    inputHeight,
    inputWidth,
    inputChannels,
    outputHeight: geometry.outHeight,
    outputWidth: geometry.outWidth,
    outputChannels: concrete(n.outputs[0].shape)[3],
    strideHeight: strides[0],
    strideWidth: strides[1],
    padTop: geometry.top,
    padLeft: geometry.left,
  };
}
