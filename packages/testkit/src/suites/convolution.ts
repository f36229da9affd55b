import { conv2d, depthwiseConv2d } from '@whittle/core';
import type { DepthwiseAttributes, FusedActivation, Quantization, Tensor } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import type { Draw } from './draw.js';
import { perTensor } from './draw.js';
import { extents, opModel, opSuite, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

const activations: readonly FusedActivation[] = ['none', 'none', 'relu', 'relu6', 'relu_n1_to_1'];

/** One of the activations that ops carry, `none` most often. */
export function drawActivation(draw: Draw): FusedActivation {
  return draw.pick(...activations);
}

interface Window {
  readonly kernel: readonly [number, number];
  readonly image: readonly [number, number];
  readonly attributes: DepthwiseAttributes;
}

/** 1x1 and larger kernels, strides and dilations that differ by axis, an image that the window just fits and larger. */
function drawWindow(draw: Draw): Window {
  const pointwise = draw.oneIn(5);
  const kernel: [number, number] = pointwise ? [1, 1] : [draw.between(1, 5), draw.between(1, 5)];
  const strides: [number, number] = [draw.between(1, 3), draw.between(1, 3)];
  const dilated = !pointwise && draw.oneIn(4);
  const dilations: [number, number] = dilated ? [draw.between(1, 3), draw.between(1, 3)] : [1, 1];
  const padding = draw.pick('same', 'valid');
  const least = (axis: 0 | 1) => (padding === 'same' ? 1 : (kernel[axis] - 1) * dilations[axis] + 1);
  return {
    kernel,
    image: [least(0) + draw.between(0, 7), least(1) + draw.between(0, 7)],
    attributes: { strides, padding, dilations, activation: drawActivation(draw) },
  };
}

/** Symmetric weights, with a scale for each index of `axis` two times in three. */
export function drawWeight(draw: Draw, shape: readonly number[], axis: number): Tensor<'int8'> {
  const perChannel = !draw.oneIn(3);
  const count = perChannel ? shape[axis] : 1;
  const scale = Float32Array.from({ length: count }, () => draw.logUniform(1e-3, 5e-2));
  const q = { scale, zeroPoint: new Int32Array(count) };
  return draw.int8(shape, perChannel ? { ...q, axis } : q);
}

/** The bias scales that the format wants: input scale times weight scale, in float32, by output channel. */
export function biasQuantization(input: Quantization, weightScales: Float32Array): Quantization {
  const scale = weightScales.map((s) => input.scale[0] * s);
  const q = { scale, zeroPoint: new Int32Array(scale.length) };
  return scale.length > 1 ? { ...q, axis: 0 } : q;
}

/** A scale that spreads a sum of `count` products over the type, give or take; int16 has zero point 0. */
export function drawOutput(
  draw: Draw,
  input: Quantization,
  weightScales: Float32Array,
  count: number,
  dtype: ActivationDType = 'int8',
): Quantization {
  const natural = input.scale[0] * Math.max(...weightScales) * Math.sqrt(count) * 40;
  // Bounds of activations must fit 32 bits.
  const scale = Math.max(natural * draw.gain(), dtype === 'int8' ? 1e-12 : 1e-8);
  return perTensor(scale, dtype === 'int8' ? draw.zeroPoint() : 0);
}

/** Quantization of a convolution's input: int16 has zero point 0. */
export function drawInput(draw: Draw, dtype: ActivationDType): Quantization {
  return dtype === 'int8' ? draw.quantization() : draw.symmetric(dtype);
}

/** int32 beside int8 activations, int64 beside int16. */
export function drawBias(
  draw: Draw,
  dtype: ActivationDType,
  count: number,
  quantization: Quantization,
): Tensor {
  return dtype === 'int8' ? draw.bias(count, quantization) : draw.wideBias(count, quantization);
}

/** As `drawBias`, where int16 activations take an int32 bias too: sums are then of 32 bits. */
export function drawBiasOfEitherWidth(
  draw: Draw,
  dtype: ActivationDType,
  count: number,
  quantization: Quantization,
): Tensor {
  return drawBias(draw, dtype === 'int16' && draw.oneIn(3) ? 'int8' : dtype, count, quantization);
}

/** How a label tells the bias. */
export function describeBias(bias: Tensor | undefined): string {
  return bias === undefined ? ' no bias' : bias.dtype === 'int64' ? ' wide bias' : '';
}

function describeWindow({ kernel, image, attributes: a }: Window): string {
  const dilation = extents(a.dilations) === '1x1' ? '' : ` dilation ${extents(a.dilations)}`;
  return `image ${extents(image)} kernel ${extents(kernel)} stride ${extents(a.strides)}${dilation} ${String(a.padding)} ${a.activation}`;
}

/** CONV_2D: groups, and 1x1 kernels, among the others. */
export function conv2dSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('conv2d', dtype), seeds, (draw): OpCase => {
    const window = drawWindow(draw);
    const groups = draw.pick(1, 1, 1, 2, 3);
    const [perGroup, perOut] = [draw.between(1, groups > 1 ? 3 : 9), draw.between(1, groups > 1 ? 3 : 9)];
    const [channels, outputs] = [groups * perGroup, groups * perOut];
    const shape = [1, ...window.image, channels];
    const input = drawInput(draw, dtype);
    const weight = drawWeight(draw, [...window.kernel, perGroup, outputs], 3);
    const scales = weight.quantization!.scale;
    const bias = draw.oneIn(6)
      ? undefined
      : drawBiasOfEitherWidth(draw, dtype, outputs, biasQuantization(input, scales));
    const output = drawOutput(draw, input, scales, perGroup * window.kernel[0] * window.kernel[1], dtype);
    const model = opModel('conv2d', [{ shape, quantization: input, dtype }], (builder, [x]) => {
      const operands = [x, builder.parameter('weight', weight, 'weight')];
      if (bias) operands.push(builder.parameter('bias', bias, 'bias'));
      const attributes = { ...window.attributes, groups };
      return builder.node('output', conv2d, attributes, operands, { quantization: [output] });
    });
    const grouped = groups > 1 ? ` in ${groups} groups` : '';
    return {
      label: `${describeWindow(window)} channels ${channels}->${outputs}${grouped}${describeBias(bias)}`,
      model,
      inputs: [[draw.stored(dtype, shape)], [draw.stored(dtype, shape)]],
    };
  });
}

/** DEPTHWISE_CONV_2D: depth multipliers 1 to 3. */
export function depthwiseConv2dSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('depthwise_conv2d', dtype), seeds, (draw): OpCase => {
    const window = drawWindow(draw);
    const [channels, multiplier] = [draw.between(1, 9), draw.pick(1, 1, 2, 3)];
    const outputs = channels * multiplier;
    const shape = [1, ...window.image, channels];
    const input = drawInput(draw, dtype);
    const weight = drawWeight(draw, [...window.kernel, channels, multiplier], channels > 1 ? 2 : 3);
    const { scale, axis } = weight.quantization!;
    const each = axis === 2 ? multiplier : 1;
    const scales = Float32Array.from({ length: scale.length * each }, (_, i) => scale[Math.floor(i / each)]);
    const bias = draw.oneIn(6) ? undefined : drawBias(draw, dtype, outputs, biasQuantization(input, scales));
    const output = drawOutput(draw, input, scale, window.kernel[0] * window.kernel[1], dtype);
    const model = opModel('depthwise_conv2d', [{ shape, quantization: input, dtype }], (builder, [x]) => {
      const operands = [x, builder.parameter('weight', weight, 'weight')];
      if (bias) operands.push(builder.parameter('bias', bias, 'bias'));
      const options = { quantization: [output] };
      return builder.node('output', depthwiseConv2d, window.attributes, operands, options);
    });
    return {
      label: `${describeWindow(window)} channels ${channels} multiplier ${multiplier}${describeBias(bias)}`,
      model,
      inputs: [[draw.stored(dtype, shape)], [draw.stored(dtype, shape)]],
    };
  });
}
