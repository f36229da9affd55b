import { allocate, float32, roundHalfToEven, sizeOf, tensor } from '@whittle/core';
import type { DType, Tensor } from '@whittle/core';
import type { NodeCall } from '../graph/node-call.js';
import type { Constant } from '../values/value.js';
import { claimShape } from './known-values.js';

/** Scale and zero point of each element. @throws FORMAT_INVALID, OP_UNSUPPORTED */
function affineOf(call: NodeCall, shape: readonly number[], scale: Tensor, zeroPoint: Tensor | undefined) {
  const count = scale.data.length;
  if (zeroPoint && zeroPoint.data.length !== count)
    throw call.invalid(`${zeroPoint.data.length} zero points for ${count} scales`);
  if (call.attributes.int('block_size', 0) !== 0) throw call.unsupported('blocks of scales');
  const axis = count === 1 ? 0 : call.axis(call.attributes.int('axis', 1), shape.length);
  if (count !== 1 && shape[axis] !== count)
    throw call.invalid(`${count} scales for an axis of ${shape[axis]}`);
  const inner = sizeOf(shape.slice(axis + 1));
  return (i: number) => {
    const at = count === 1 ? 0 : Math.floor(i / inner) % count;
    return { scale: Number(scale.data[at]), zeroPoint: zeroPoint ? Number(zeroPoint.data[at]) : 0 };
  };
}

/** (q - zero point) scale. */
export function dequantized(call: NodeCall, [value, scale, zeroPoint]: readonly Constant[]): void {
  const { shape, data } = value.tensor;
  claimShape(call, shape);
  const affine = affineOf(call, shape, scale.tensor, zeroPoint?.tensor);
  const real = new Float32Array(data.length);
  for (let i = 0; i < real.length; i++) {
    const { scale: s, zeroPoint: z } = affine(i);
    real[i] = (Number(data[i]) - z) * s;
  }
  call.known(float32(shape, real));
}

/** x / scale, rounded to the nearest integer, the even one of two, and what the type holds of it. */
export function quantized(call: NodeCall, [value, scale, zeroPoint]: readonly Constant[]): void {
  const { shape, data } = value.tensor;
  claimShape(call, shape);
  const dtype: DType = zeroPoint?.tensor.dtype ?? 'uint8';
  const limits = { int8: [-128, 127], uint8: [0, 255], int16: [-32768, 32767] } as const;
  if (!Object.hasOwn(limits, dtype)) throw call.unsupported(`a result of ${dtype}`);
  const [low, high] = limits[dtype as keyof typeof limits];
  const affine = affineOf(call, shape, scale.tensor, zeroPoint?.tensor);
  const stored = allocate(dtype, data.length);
  for (let i = 0; i < stored.length; i++) {
    const { scale: s, zeroPoint: z } = affine(i);
    const rounded = roundHalfToEven(Math.fround(Number(data[i]) / s)) + z;
    stored[i] = Math.min(Math.max(rounded, low), high) as never;
  }
  call.known(tensor(dtype, shape, stored));
}
