import { z } from 'zod';
import { concrete } from '../model.js';
import type { Dim } from '../model.js';
import { defineOp, expectRank, expectShape } from '../op.js';
import type { InferView, NodeView, Span } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { clampFlops, clampInPlace, fusedActivation } from './fused-activation.js';
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
    channels: (n) => ({ ties: [channelTie(n, 3)] }),
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

/** The tie of one axis of the first operand with the same axis of the output. */
function channelTie(n: NodeView<unknown>, axis: number, to = axis): Span[] {
  const count = concrete(n.inputs[0].shape)[axis];
  return [
    { value: n.inputIds[0], axis, count },
    { value: n.outputIds[0], axis: to, count },
  ];
}

/** Mean over a window; elements beyond the image don't count. Input [N, H, W, C]. */
export const averagePool2d = definePool('average_pool2d', {
  initial: 0,
  step: (s, x) => s + x,
  finish: (s, count) => s / count,
});
/** Maximum over a window. Input [N, H, W, C]. */
export const maxPool2d = definePool('max_pool2d', { initial: -Infinity, step: Math.max, finish: (m) => m });

export const meanAttributes = z
  .object({ axes: z.array(z.number().int().nonnegative()).nonempty(), keepDims: z.boolean() })
  .strict();
export type MeanAttributes = z.infer<typeof meanAttributes>;

function meanShape(n: InferView<MeanAttributes>): Dim[] {
  const { axes, keepDims } = n.attributes;
  return n.inputs[0].shape.flatMap((dim, axis) => (!axes.includes(axis) ? [dim] : keepDims ? [1] : []));
}

/** Mean over whole axes: global average pooling is axes [1, 2]. The batch (axis 0) is never averaged. */
export const mean = defineOp<MeanAttributes>({
  name: 'mean',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: meanAttributes,
  infer(n) {
    const rank = n.inputs[0].shape.length;
    expectShape(
      n.attributes.axes.every((a, i, all) => a > 0 && a < rank && all.indexOf(a) === i),
      n,
      () => `axes must be distinct and in 1 to ${rank - 1}, found [${n.attributes.axes.join(', ')}]`,
    );
    return [{ dtype: n.inputs[0].dtype, shape: meanShape(n) }];
  },
  cost: (n) => ({ macs: 0, flops: 0, activationFlops: sizeOf(concrete(n.inputs[0].shape)) }),
  channels(n) {
    const { axes, keepDims } = n.attributes;
    const kept = n.inputs[0].shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    return { ties: kept.map((axis, i) => channelTie(n, axis, keepDims ? axis : i)) };
  },
  evaluate(n, [input]) {
    const { axes } = n.attributes;
    const shape = input.shape;
    const kept = shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const sums = new Float64Array(sizeOf(kept));
    const index = new Array<number>(shape.length).fill(0);
    for (let i = 0; i < input.data.length; i++) {
      let at = 0;
      for (let axis = 0; axis < shape.length; axis++)
        at = at * kept[axis] + (kept[axis] === 1 ? 0 : index[axis]);
      sums[at] += Number(input.data[i]);
      for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
    }
    const count = input.data.length / sums.length;
    return [
      float32(
        concrete(meanShape({ ...n, inputs: [input] })),
        Float32Array.from(sums, (s) => s / count),
      ),
    ];
  },
}) satisfies { evaluate(n: InferView<MeanAttributes>, inputs: readonly Tensor[]): readonly Tensor[] };
