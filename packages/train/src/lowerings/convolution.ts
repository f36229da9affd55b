import { conv2d, convGeometry, depthwiseConv2d, lower, transposeConv2d } from '@whittle/core';
import type { ConvAttributes, DepthwiseAttributes, Pair, TransposeConvAttributes } from '@whittle/core';
import type * as tfjs from '@tensorflow/tfjs';
import { biasAdd } from '../kernels/bias-add.js';
import { maxPool } from '../kernels/max-pool.js';
import { TRAIN, trainLowering } from '../lowering.js';
import type { Mode } from '../lowering.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { clamp } from './clamp.js';
import { padImage, spreadTaps } from './window.js';

const lowerConv2d = trainLowering<ConvAttributes>((n, [x, weight, bias], { tf, mode }) => {
  const { strides, padding, groups, activation } = n.attributes;
  const { taps, dilations } = tapsOf(tf, weight, n.attributes, mode);
  const { image, pad } = padImage(tf, x, padding);
  const convolve = (input: TfTensor, kernel: TfTensor) =>
    tf.conv2d(input as tfjs.Tensor4D, kernel as tfjs.Tensor4D, strides, pad, 'NHWC', dilations);
  const sums =
    groups === 1
      ? convolve(image, taps)
      : tf.concat(
          zip(tf.split(image, groups, 3), tf.split(taps, groups, 3)).map((pair) => convolve(...pair)),
          3,
        );
  return clamp(tf, bias ? biasAdd(tf, sums, bias) : sums, activation);
});

const lowerDepthwise = trainLowering<DepthwiseAttributes>((n, [x, weight, bias], { tf, mode }) => {
  const { activation } = n.attributes;
  const [rows, columns] = n.attributes.strides;
  const { taps, dilations } = tapsOf(tf, weight, n.attributes, mode);
  const convolve = (input: TfTensor, strides: Pair, pad: 'same' | 'valid') =>
    tf.depthwiseConv2d(input as tfjs.Tensor4D, taps as tfjs.Tensor4D, strides, pad, 'NHWC', dilations);
  let sums: TfTensor;
  if (rows === columns) {
    const { image, pad } = padImage(tf, x, n.attributes.padding);
    sums = convolve(image, [rows, columns], pad);
  } else
    sums = sample(tf, convolve(padImage(tf, x, convGeometry(n)).image, [1, 1], 'valid'), [rows, columns]);
  return clamp(tf, bias ? biasAdd(tf, sums, bias) : sums, activation);
});

/**
 * TensorFlow's depthwise convolution takes equal strides only: with others it is done at every pixel, and sampled by a
 * pool of size 1, which has a gradient where a strided slice has none.
 */
function sample(tf: TensorFlow, everyPixel: TfTensor, strides: Pair): TfTensor {
  return maxPool(tf, everyPixel, { size: [1, 1], strides, pad: 'valid' });
}

const lowerTransposeConv2d = trainLowering<TransposeConvAttributes>((n, [x, weight, bias], { tf }) => {
  const { strides, padding, outputSize, activation } = n.attributes;
  // tfjs has the output channels before the input channels.
  const kernel = tf.transpose(weight, [0, 1, 3, 2]) as tfjs.Tensor4D;
  const shape: [number, number, number, number] = [x.shape[0], ...outputSize, weight.shape[3] as number];
  const sums = tf.conv2dTranspose(x as tfjs.Tensor4D, kernel, shape, strides, padding);
  return clamp(tf, bias ? biasAdd(tf, sums, bias) : sums, activation);
});

/** The kernel as it is, with its dilations, where tfjs can; else without. */
function tapsOf(
  tf: TensorFlow,
  weight: TfTensor,
  { dilations, strides }: DepthwiseAttributes,
  mode: Mode,
): { taps: TfTensor; dilations: Pair } {
  const dilated = dilations.some((d) => d > 1);
  const asItIs = !dilated || (mode === 'inference' && strides.every((s) => s === 1));
  return asItIs
    ? { taps: weight, dilations }
    : { taps: spreadTaps(tf, weight, dilations), dilations: [1, 1] };
}

function zip<T>(a: readonly T[], b: readonly T[]): [T, T][] {
  return a.map((value, i) => [value, b[i]]);
}

export const convolutionLowerings = [
  lower(TRAIN, conv2d, () => lowerConv2d),
  lower(TRAIN, depthwiseConv2d, () => lowerDepthwise),
  lower(TRAIN, transposeConv2d, () => lowerTransposeConv2d),
] as const;
