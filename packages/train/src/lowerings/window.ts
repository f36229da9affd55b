import type { Padding, Pair } from '@whittle/core';
import type { TensorFlow, TfTensor } from '../tensorflow.js';

/** An image with the padding that tfjs's ops do not do themselves around it, and what is left for them to do. */
export interface PaddedImage {
  readonly image: TfTensor;
  readonly pad: 'same' | 'valid';
}

/** tfjs has no gradient for explicit padding, so the image is padded first. */
export function padImage(tf: TensorFlow, x: TfTensor, padding: Padding, value = 0): PaddedImage {
  if (typeof padding === 'string') return { image: x, pad: padding };
  const { top, bottom, left, right } = padding;
  const margins: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return { image: top + bottom + left + right > 0 ? tf.pad(x, margins, value) : x, pad: 'valid' };
}

/**
 * A convolution kernel [kh, kw, ...] with zeros between its taps, which does without dilation what the kernel does with
 * it: tfjs has no gradient for dilated convolutions.
 */
export function spreadTaps(tf: TensorFlow, weight: TfTensor, dilations: Pair): TfTensor {
  const [kh, kw, ...channels] = weight.shape;
  const [dh, dw] = dilations;
  const none: [number, number] = [0, 0];
  const cells = tf.pad(tf.reshape(weight, [kh, 1, kw, 1, channels[0] * channels[1]]), [
    none,
    [0, dh - 1],
    none,
    [0, dw - 1],
    none,
  ]);
  const grid = tf.reshape(cells, [kh * dh, kw * dw, ...channels]);
  return tf.slice(grid, [0, 0, 0, 0], [(kh - 1) * dh + 1, (kw - 1) * dw + 1, ...channels]);
}
