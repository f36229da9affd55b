import { z } from 'zod';
import { concrete } from '../model.js';
import { defineOp, expectRank, expectShape } from '../op.js';
import type { InferView } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import { clampFlops, clampInPlace, fusedActivation } from './fused-activation.js';
import { axisTie } from './selection.js';
import { imageOf, padding, pair, windowGeometry, windowRows } from './window.js';
import type { WindowGeometry } from './window.js';

export const poolAttributes = z
  .object({ size: pair, strides: pair, padding, activation: fusedActivation })
  .strict();
export type PoolAttributes = z.infer<typeof poolAttributes>;

/** Folds the elements of a window, `count` of them inside the image. */
interface Fold {
  readonly initial: number;
  step(accumulated: number, x: number): number;
  finish(accumulated: number, count: number): number;
}

/** @throws SHAPE_MISMATCH where a window lies beyond the image as a whole: it would have nothing to fold */
function poolGeometry(n: InferView<PoolAttributes>): WindowGeometry {
  const { size, strides } = n.attributes;
  const image = imageOf(n);
  const g = windowGeometry(n, n.attributes, image, size);
  const inside = (before: number, out: number, axis: 0 | 1) =>
    before < size[axis] && (out - 1) * strides[axis] - before < image[axis];
  expectShape(
    inside(g.top, g.outHeight, 0) && inside(g.left, g.outWidth, 1),
    n,
    () =>
      `windows of ${size.join(' x ')} lie in the padding alone (${g.top}, ${g.bottom} rows, ${g.left}, ${g.right} columns)`,
  );
  return g;
}

function definePool(name: string, fold: Fold) {
  return defineOp<PoolAttributes>({
    name,
    version: 1,
    operands: [{ name: 'input' }],
    attributes: poolAttributes,
    movesChannels: true,
    infer(n) {
      expectRank(n, 0, 4, 'input');
      const { outHeight, outWidth } = poolGeometry(n);
      const [batch, , , channels] = n.inputs[0].shape;
      return [{ dtype: n.inputs[0].dtype, shape: [batch, outHeight, outWidth, channels] }];
    },
    cost(n) {
      const size = sizeOf(concrete(n.outputs[0].shape));
      const perOutput = n.attributes.size[0] * n.attributes.size[1] + clampFlops(n.attributes.activation);
      return { macs: 0, flops: 0, activationFlops: size * perOutput };
    },
    rows: (n) => windowRows(n.attributes, poolGeometry(n), n.attributes.size[0]),
    channels: (n) => ({ ties: [axisTie(n, 3)] }),
    evaluate(n, [input]) {
      const g = poolGeometry({ ...n, inputs: [input] });
      const [batch, height, width, channels] = input.shape;
      const { size, strides } = n.attributes;
      const data = new Float32Array(batch * g.outHeight * g.outWidth * channels);
      let at = 0;
      for (let b = 0; b < batch; b++)
        for (let oy = 0; oy < g.outHeight; oy++)
          for (let ox = 0; ox < g.outWidth; ox++) {
            const top = Math.max(0, oy * strides[0] - g.top);
            const bottom = Math.min(height, oy * strides[0] - g.top + size[0]);
            const left = Math.max(0, ox * strides[1] - g.left);
            const right = Math.min(width, ox * strides[1] - g.left + size[1]);
            for (let c = 0; c < channels; c++, at++) {
              let value = fold.initial;
              for (let y = top; y < bottom; y++)
                for (let x = left; x < right; x++)
                  value = fold.step(value, Number(input.data[((b * height + y) * width + x) * channels + c]));
              data[at] = fold.finish(value, (bottom - top) * (right - left));
            }
          }
      return [
        float32([batch, g.outHeight, g.outWidth, channels], clampInPlace(data, n.attributes.activation)),
      ];
    },
  });
}

/** Mean over a window; elements beyond the image don't count. Input [N, H, W, C]. */
export const averagePool2d = definePool('average_pool2d', {
  initial: 0,
  step: (s, x) => s + x,
  finish: (s, count) => s / count,
});
/** Maximum over a window. Input [N, H, W, C]. */
export const maxPool2d = definePool('max_pool2d', { initial: -Infinity, step: Math.max, finish: (m) => m });
