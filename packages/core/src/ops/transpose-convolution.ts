import { z } from 'zod';
import { concrete, formatShape } from '../model.js';
import { defineOp, expectRank, expectShape } from '../op.js';
import type { InferView } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { clampFlops, clampInPlace, fusedActivation } from './fused-activation.js';
import { fixed, imageOf, pair, windowGeometry } from './window.js';
import type { WindowGeometry } from './window.js';

export const transposeConvAttributes = z
  .object({
    strides: pair,
    padding: z.enum(['same', 'valid']),
    outputSize: pair,
    activation: fusedActivation,
  })
  .strict();
export type TransposeConvAttributes = z.infer<typeof transposeConvAttributes>;

/**
 * The windows of the convolution that the op transposes, which reads an image of `outputSize` and gives one of the
 * input's size.
 */
export function transposeConvGeometry(n: InferView<TransposeConvAttributes>): WindowGeometry {
  const { strides, padding, outputSize } = n.attributes;
  const [height, width] = n.inputs[1].shape;
  const kernel = [fixed(n, height, 'kernel'), fixed(n, width, 'kernel')] as [number, number];
  return windowGeometry(n, { strides, padding }, outputSize, kernel);
}

/**
 * Transposed 2-D convolution (fractionally strided): input [N, H, W, I], weight [kh, kw, I, O], bias [O]; output
 * [N, H', W', O] of the attribute's size. Each input pixel adds the kernel times its value at (y * stride - padding) of
 * the output; what lies outside is dropped. `outputSize` must be one that a convolution with this kernel, these strides
 * and this padding would bring to the input's size.
 */
export const transposeConv2d = defineOp<TransposeConvAttributes>({
  name: 'transpose_conv2d',
  version: 1,
  operands: [{ name: 'input' }, { name: 'weight' }, { name: 'bias', optional: true }],
  attributes: transposeConvAttributes,
  linear: { outputAxes: [3] },
  infer(n) {
    expectRank(n, 0, 4, 'input');
    expectRank(n, 1, 4, 'weight');
    const [height, width] = imageOf(n);
    const [, , channels, outputs] = concrete(n.inputs[1].shape);
    expectShape(
      channels === n.inputs[0].shape[3],
      n,
      () =>
        `weight ${formatShape(n.inputs[1].shape)} needs ${channels} input channels, found ${n.inputs[0].shape[3]}`,
    );
    const bias = n.inputs[2]?.shape;
    expectShape(
      !bias || (bias.length === 1 && bias[0] === outputs),
      n,
      () => `bias must have shape [${outputs}], found ${formatShape(bias)}`,
    );
    const { outHeight, outWidth } = transposeConvGeometry(n);
    const { outputSize } = n.attributes;
    expectShape(
      outHeight === height && outWidth === width,
      n,
      () =>
        `an output of ${outputSize.join(' x ')} belongs to an input of ${outHeight} x ${outWidth}, found ${height} x ${width}`,
    );
    return [{ dtype: n.inputs[0].dtype, shape: [n.inputs[0].shape[0], ...outputSize, outputs] }];
  },
  cost(n) {
    const [kh, kw, , outputs] = concrete(n.inputs[1].shape);
    const macs = sizeOf(concrete(n.inputs[0].shape)) * kh * kw * outputs;
    const size = sizeOf(concrete(n.outputs[0].shape));
    return {
      macs,
      flops: 2 * macs + (n.inputs.length > 2 ? size : 0),
      activationFlops: size * clampFlops(n.attributes.activation),
    };
  },
  channels(n) {
    const [, , channels, outputs] = concrete(n.inputs[1].shape);
    return {
      ties: [
        [
          { value: n.inputIds[0], axis: 3, count: channels },
          { value: n.inputIds[1], axis: 2, count: channels },
        ],
        [
          { value: n.inputIds[1], axis: 3, count: outputs },
          { value: n.outputIds[0], axis: 3, count: outputs },
          ...(n.inputIds.length > 2 ? [{ value: n.inputIds[2], axis: 0, count: outputs }] : []),
        ],
      ],
    };
  },
  evaluate: (n, operands) => [convolveTransposed(n, operands)],
});

function convolveTransposed(
  n: InferView<TransposeConvAttributes>,
  [input, weight, bias]: readonly Tensor[],
): Tensor {
  const { strides, outputSize, activation } = n.attributes;
  const [outHeight, outWidth] = outputSize;
  const [batch, height, width, channels] = input.shape;
  const [kh, kw, , outputs] = weight.shape;
  const { top, left } = transposeConvGeometry({ ...n, inputs: [input, weight] });
  const sums = new Float64Array(batch * outHeight * outWidth * outputs);
  for (let i = 0; i < sums.length; i++) sums[i] = bias ? Number(bias.data[i % outputs]) : 0;
  const x = input.data as Float32Array;
  const w = weight.data as Float32Array;
  for (let b = 0; b < batch; b++)
    for (let pixel = 0; pixel < height * width; pixel++) {
      const [iy, ix] = [Math.floor(pixel / width), pixel % width];
      for (let tap = 0; tap < kh * kw; tap++) {
        const oy = iy * strides[0] - top + Math.floor(tap / kw);
        const ox = ix * strides[1] - left + (tap % kw);
        if (oy < 0 || oy >= outHeight || ox < 0 || ox >= outWidth) continue;
        const to = ((b * outHeight + oy) * outWidth + ox) * outputs;
        for (let c = 0; c < channels; c++) {
          const value = x[(b * height * width + pixel) * channels + c];
          const row = (tap * channels + c) * outputs;
          for (let o = 0; o < outputs; o++) sums[to + o] += value * w[row + o];
        }
      }
    }
  return float32([batch, outHeight, outWidth, outputs], clampInPlace(Float32Array.from(sums), activation));
}
