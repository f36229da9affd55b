import { float32, sizeOf } from '@whittle/core';
import type { Tensor } from '@whittle/core';

/** The real values that a tensor stands for: scale * (stored - zero point) where it is quantized. float16 is widened. */
export function realValues(value: Tensor): Tensor<'float32'> {
  const { dtype, shape, data, quantization: q } = value;
  if (dtype === 'float16') return float32(shape, Float32Array.from(data as Uint16Array, float16Value));
  const real = new Float32Array(data.length);
  const inner = q?.axis === undefined ? data.length : sizeOf(shape.slice(q.axis + 1));
  const channels = q?.scale.length ?? 1;
  for (let i = 0; i < real.length; i++) {
    const channel = channels === 1 ? 0 : Math.floor(i / inner) % channels;
    const zeroPoint = q ? q.zeroPoint[q.zeroPoint.length === 1 ? 0 : channel] : 0;
    real[i] = (q?.scale[channel] ?? 1) * (Number(data[i]) - zeroPoint);
  }
  return float32(shape, real);
}

/** The value of a float16 given by its bits. */
function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
