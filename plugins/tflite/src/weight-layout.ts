import { permuteAxes, tensor } from '@whittle/core';
import type { Quantization, Tensor } from '@whittle/core';

/** Convolution weights: [kh, kw, I, O] to [O, kh, kw, I]. */
export const hwioToOhwi = (weight: Tensor): Tensor => permuteAxes(weight, [3, 0, 1, 2]);
/** Convolution weights: [O, kh, kw, I] to [kh, kw, I, O]. */
export const ohwiToHwio = (weight: Tensor): Tensor => permuteAxes(weight, [1, 2, 3, 0]);
/** Dense weights: [I, O] to [O, I], and back. */
export const swapAxes = (weight: Tensor): Tensor => permuteAxes(weight, [1, 0]);

/** Depthwise weights: [kh, kw, C, M] to [1, kh, kw, C * M], in the same order; one scale for each output channel. */
export function hwcmTo1hwo(weight: Tensor): Tensor {
  const [kh, kw, channels, multiplier] = weight.shape;
  const q = weight.quantization;
  const perOutput = (output: number) =>
    q?.axis === 2 ? Math.floor(output / multiplier) : output % multiplier;
  return reshaped(
    weight,
    [1, kh, kw, channels * multiplier],
    q && expanded(q, channels * multiplier, perOutput, 3),
  );
}

/**
 * Depthwise weights: [1, kh, kw, C * M] to [kh, kw, C, M], in the same order. Scales of their own for both channels and
 * multipliers have no place in that layout: undefined then.
 */
export function hwcmFrom1hwo(weight: Tensor, channels: number): Tensor | undefined {
  const [, kh, kw, outputs] = weight.shape;
  const multiplier = outputs / channels;
  const q = weight.quantization;
  if (q?.axis === undefined) return reshaped(weight, [kh, kw, channels, multiplier], q);
  if (channels > 1 && multiplier > 1) return undefined;
  return reshaped(weight, [kh, kw, channels, multiplier], { ...q, axis: channels > 1 ? 2 : 3 });
}

/** The same elements in another shape. */
export function reshaped(value: Tensor, shape: readonly number[], quantization = value.quantization): Tensor {
  return tensor(value.dtype, shape, value.data, quantization);
}

function expanded(q: Quantization, count: number, source: (i: number) => number, axis: number): Quantization {
  if (q.axis === undefined || q.scale.length === 1) return { scale: q.scale, zeroPoint: q.zeroPoint };
  const zeroPoint = (i: number) => q.zeroPoint[q.zeroPoint.length === 1 ? 0 : source(i)];
  return {
    scale: Float32Array.from({ length: count }, (_, i) => q.scale[source(i)]),
    zeroPoint: Int32Array.from({ length: count }, (_, i) => zeroPoint(i)),
    axis,
  };
}
