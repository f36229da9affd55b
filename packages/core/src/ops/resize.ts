import { z } from 'zod';
import { concrete } from '../model.js';
import { defineOp, expectRank, expectShape } from '../op.js';
import type { InferView } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { axisTie, defineSelection } from './selection.js';
import { imageOf, pair } from './window.js';

/**
 * Where the pixels of a resized image lie on the one it comes from: pixel i at i * scale, scale being in / out, or
 * (in - 1) / (out - 1) with `alignCorners`; `halfPixelCenters` aligns the pixels' centres.
 */
export const resizeAttributes = z
  .object({ size: pair, alignCorners: z.boolean(), halfPixelCenters: z.boolean() })
  .strict();
export type ResizeAttributes = z.infer<typeof resizeAttributes>;

/** Resizes [N, H, W, C] to `size`, each pixel from the nearest one. Positions are float32, as in TFLite. */
export const resizeNearest = defineSelection<ResizeAttributes>('resize_nearest', resizeAttributes, (n) => {
  expectRank(n, 0, 4, 'input');
  const [rows, columns] = imageOf(n).map((extent, i) =>
    nearestIndices(extent, n.attributes.size[i], n.attributes),
  );
  return [undefined, rows, columns, undefined];
});

function nearestIndices(
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: ResizeAttributes,
): number[] {
  const scale = Math.fround(alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to);
  return Array.from({ length: to }, (_, i) => {
    const at = Math.fround((halfPixelCenters ? i + 0.5 : i) * scale);
    // Positions are not negative: C's round is half up here.
    const nearest = alignCorners ? Math.trunc(at) + (at - Math.trunc(at) >= 0.5 ? 1 : 0) : Math.floor(at);
    return Math.min(nearest, from - 1);
  });
}

/** Resizes [N, H, W, C] to `size`, each pixel between its four neighbours. */
export const resizeBilinear = defineOp<ResizeAttributes>({
  name: 'resize_bilinear',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: resizeAttributes,
  movesChannels: true,
  infer(n) {
    expectRank(n, 0, 4, 'input');
    imageOf(n);
    const { size, alignCorners, halfPixelCenters } = n.attributes;
    expectShape(
      !(alignCorners && halfPixelCenters),
      n,
      () => 'corners and half pixel centres are not aligned both at once',
    );
    const { dtype, shape } = n.inputs[0];
    return [{ dtype, shape: [shape[0], ...size, shape[3]] }];
  },
  // Four products and three sums an element.
  cost: (n) => ({ macs: 0, flops: 7 * sizeOf(concrete(n.outputs[0].shape)), activationFlops: 0 }),
  channels: (n) => ({ ties: [axisTie(n, 0), axisTie(n, 3)] }),
  evaluate: (n, [input]) => [interpolate(n, input)],
});

/** Neighbours of each resized pixel along one axis, and how far from the lower to the upper one it lies. */
export interface Interpolation {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly fraction: readonly number[];
}

/** Where the rows (axis 0) or columns (axis 1) of a bilinear resize lie. */
export function interpolation(n: InferView<ResizeAttributes>, axis: 0 | 1): Interpolation {
  const { size, alignCorners, halfPixelCenters } = n.attributes;
  const from = imageOf(n)[axis];
  const to = size[axis];
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const at = Array.from({ length: to }, (_, i) => {
    const position = halfPixelCenters ? (i + 0.5) * scale - 0.5 : i * scale;
    return Math.min(Math.max(position, 0), from - 1);
  });
  return {
    lower: at.map(Math.floor),
    upper: at.map(Math.ceil),
    fraction: at.map((x) => x - Math.floor(x)),
  };
}

function interpolate(n: InferView<ResizeAttributes>, input: Tensor): Tensor {
  const view = { ...n, inputs: [input] };
  const [batch, height, width, channels] = input.shape;
  const [rows, columns] = [interpolation(view, 0), interpolation(view, 1)];
  const [outHeight, outWidth] = n.attributes.size;
  const x = input.data as Float32Array;
  const data = new Float32Array(batch * outHeight * outWidth * channels);
  let at = 0;
  for (let b = 0; b < batch; b++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++) {
        const pixel = (y: number, column: number) => ((b * height + y) * width + column) * channels;
        const [top, bottom] = [rows.lower[oy], rows.upper[oy]];
        const [left, right] = [columns.lower[ox], columns.upper[ox]];
        const [fy, fx] = [rows.fraction[oy], columns.fraction[ox]];
        for (let c = 0; c < channels; c++, at++) {
          const upper = x[pixel(top, left) + c] * (1 - fx) + x[pixel(top, right) + c] * fx;
          const lower = x[pixel(bottom, left) + c] * (1 - fx) + x[pixel(bottom, right) + c] * fx;
          data[at] = upper * (1 - fy) + lower * fy;
        }
      }
  return float32([batch, outHeight, outWidth, channels], data);
}
