import { averagePool2d, imageOf, lower, maxPool2d, windowGeometry } from '@whittle/core';
import type { NodeView, PoolAttributes } from '@whittle/core';
import type * as tfjs from '@tensorflow/tfjs';
import { maxPool } from '../kernels/max-pool.js';
import { TRAIN, trainLowering } from '../lowering.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { clamp } from './clamp.js';
import { padImage } from './window.js';

const lowerMaxPool = trainLowering<PoolAttributes>((n, [x], { tf, mode }) => {
  const { size, strides, padding, activation } = n.attributes;
  const { image, pad } = padImage(tf, x, padding, -Infinity);
  const maxima =
    mode === 'training'
      ? maxPool(tf, image, { size, strides, pad })
      : tf.maxPool(image as tfjs.Tensor4D, size, strides, pad);
  return clamp(tf, maxima, activation);
});

const lowerAveragePool = trainLowering<PoolAttributes>((n, [x], { tf }) => {
  const { size, strides, padding, activation } = n.attributes;
  const { image, pad } = padImage(tf, x, padding);
  const averages = tf.avgPool(image as tfjs.Tensor4D, size, strides, pad);
  const counted = image === x ? averages : tf.mul(averages, shareInside(tf, n));
  return clamp(tf, counted, activation);
});

/** For each window its area over how much of it lies on the image: averages don't count what explicit padding adds. */
function shareInside(tf: TensorFlow, n: NodeView<PoolAttributes>): TfTensor {
  const { size, strides } = n.attributes;
  const [height, width] = imageOf(n);
  const { top, left, outHeight, outWidth } = windowGeometry(n, n.attributes, [height, width], size);
  const inside = (at: number, before: number, axis: 0 | 1, extent: number) => {
    const first = at * strides[axis] - before;
    return Math.min(extent, first + size[axis]) - Math.max(0, first);
  };
  const shares = new Float32Array(outHeight * outWidth);
  for (let y = 0; y < outHeight; y++)
    for (let x = 0; x < outWidth; x++)
      shares[y * outWidth + x] =
        (size[0] * size[1]) / (inside(y, top, 0, height) * inside(x, left, 1, width));
  return tf.tensor(shares, [1, outHeight, outWidth, 1]);
}

export const poolingLowerings = [
  lower(TRAIN, maxPool2d, () => lowerMaxPool),
  lower(TRAIN, averagePool2d, () => lowerAveragePool),
] as const;
