import { float32, permuteAxes, sizeOf, tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';

/** The same elements in another shape. @throws SHAPE_MISMATCH where they don't fill it */
export function reshaped(value: Tensor<'float32'>, shape: readonly number[]): Tensor<'float32'> {
  return tensor('float32', shape, value.data);
}

/** A transposed convolution's kernel: Keras has [kh, kw, O, I], models [kh, kw, I, O]. */
export function inputsBeforeOutputs(value: Tensor<'float32'>): Tensor<'float32'> {
  return permuteAxes(value, [0, 1, 3, 2]);
}

/** A kernel [kh, kw, ...] with zeros between its taps, for an op that has no dilation. */
export function dilated(value: Tensor<'float32'>, [dy, dx]: readonly [number, number]): Tensor<'float32'> {
  if (dy === 1 && dx === 1) return value;
  const [kh, kw, ...rest] = value.shape;
  const [height, width] = [(kh - 1) * dy + 1, (kw - 1) * dx + 1];
  const size = sizeOf(rest);
  const data = new Float32Array(height * width * size);
  for (let y = 0; y < kh; y++)
    for (let x = 0; x < kw; x++) {
      const from = (y * kw + x) * size;
      data.set(value.data.subarray(from, from + size), (y * dy * width + x * dx) * size);
    }
  return float32([height, width, ...rest], data);
}
