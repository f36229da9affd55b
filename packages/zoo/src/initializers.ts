import { float32, sizeOf } from '@whittle/core';
import type { RandomStream, Tensor } from '@whittle/core';

/**
 * Draws a weight. `fanIn` and `fanOut` are the numbers of inputs that one output sums over, and of outputs that one
 * input reaches.
 */
export type Initializer = (
  stream: RandomStream,
  shape: readonly number[],
  fanIn: number,
  fanOut: number,
) => Tensor<'float32'>;

/** Normal with variance 2 / fanIn, for layers in front of a rectifier (He et al. 2015, equation 10). */
export const heNormal: Initializer = (stream, shape, fanIn) => {
  const data = new Float32Array(sizeOf(shape));
  stream.fillNormal(data, Math.sqrt(2 / fanIn));
  return float32(shape, data);
};

/** Uniform in +-sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010, equation 16). */
export const glorotUniform: Initializer = (stream, shape, fanIn, fanOut) => {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  const data = new Float32Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = limit * (2 * stream.float() - 1);
  return float32(shape, data);
};

/** 0 everywhere, at no cost: for a network that is only analyzed, or whose weights come from elsewhere. */
export const zeros: Initializer = (_, shape) => constant(shape, 0);

/** A tensor with the same value everywhere. */
export function constant(shape: readonly number[], value: number): Tensor<'float32'> {
  const data = new Float32Array(sizeOf(shape));
  // What is allocated is 0, and takes no memory before it is written to.
  return float32(shape, value === 0 ? data : data.fill(value));
}
