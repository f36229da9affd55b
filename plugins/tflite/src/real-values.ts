import { float16Value, float32, sizeOf } from '@whittle/core';
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
