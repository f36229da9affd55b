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
  const deviation = Math.sqrt(2 / fanIn);
  return filled(shape, () => deviation * stream.normal());
};

/** Uniform in +-sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010, equation 16). */
export const glorotUniform: Initializer = (stream, shape, fanIn, fanOut) => {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return filled(shape, () => limit * (2 * stream.float() - 1));
};

/** A tensor with the same value everywhere. */
export function constant(shape: readonly number[], value: number): Tensor<'float32'> {
  return float32(shape, new Float32Array(sizeOf(shape)).fill(value));
}

function filled(shape: readonly number[], draw: () => number): Tensor<'float32'> {
  const data = new Float32Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = draw();
  return float32(shape, data);
}
