import type { InferView, ValueType } from '@whittle/core';
import { expectQuantization } from './errors.js';

/** Quantization of a whole tensor: real = scale * (stored - zeroPoint). `scale` is a float32 number. */
export interface TensorScale {
  readonly scale: number;
  readonly zeroPoint: number;
}

/**
 * Quantization of an int8 activation. @throws QUANTIZATION_INVALID where it is no int8, not quantized, quantized per
 * channel, or has a scale that is no positive number or a zero point beyond int8.
 */
export function activationScale(n: { readonly name: string }, type: ValueType, what: string): TensorScale {
  expectQuantization(type.dtype === 'int8', n, () => `${what} must be int8, found ${type.dtype}`);
  const q = type.quantization;
  expectQuantization(q !== undefined, n, () => `${what} has no scale and zero point`);
  expectQuantization(
    q.scale.length === 1 && q.zeroPoint.length === 1,
    n,
    () => `${what} must have one scale, found ${q.scale.length}`,
  );
  expectScales(n, q.scale, what);
  const zeroPoint = q.zeroPoint[0];
  expectQuantization(
    zeroPoint >= -128 && zeroPoint <= 127,
    n,
    () => `${what} needs a zero point in -128 to 127, found ${zeroPoint}`,
  );
  return { scale: q.scale[0], zeroPoint };
}

/** Whether a type is one that `activationScale` takes. */
export function isInt8Activation({ dtype, quantization: q }: ValueType): boolean {
  if (dtype !== 'int8' || q?.scale.length !== 1 || q.zeroPoint.length !== 1) return false;
  return isScale(q.scale[0]) && q.zeroPoint[0] >= -128 && q.zeroPoint[0] <= 127;
}

function isScale(scale: number): boolean {
  return scale > 0 && Number.isFinite(scale);
}

/** @throws QUANTIZATION_INVALID where a scale is zero, negative or no number */
export function expectScales(n: { readonly name: string }, scales: Float32Array, what: string): void {
  const bad = scales.find((scale) => !isScale(scale));
  expectQuantization(bad === undefined, n, () => `${what} needs positive scales, found ${bad}`);
}

/** Quantization of the i-th operand, an int8 activation. @throws QUANTIZATION_INVALID */
export function inputScale(n: InferView<unknown>, index = 0): TensorScale {
  return activationScale(n, n.inputs[index], n.inputs.length > 1 ? `operand ${index}` : 'input');
}

/** Quantization of the first result, an int8 activation. @throws QUANTIZATION_INVALID */
export function outputScale(n: {
  readonly name: string;
  readonly outputs: readonly ValueType[];
}): TensorScale {
  return activationScale(n, n.outputs[0], 'output');
}

/** Whether two values have the very same scale and zero point. */
export function sameScale(a: TensorScale, b: TensorScale): boolean {
  return a.scale === b.scale && a.zeroPoint === b.zeroPoint;
}

/** As people write it: scale 0.5, zero point 3. */
export function formatScale({ scale, zeroPoint }: TensorScale): string {
  return `scale ${scale}, zero point ${zeroPoint}`;
}

/** @throws QUANTIZATION_INVALID unless every operand, and every other output, is quantized like the first output. */
export function expectEqualScales(n: {
  readonly name: string;
  readonly inputs: readonly ValueType[];
  readonly outputs: readonly ValueType[];
}): TensorScale {
  const output = outputScale(n);
  const expectEqual = (type: ValueType, what: string) => {
    const found = activationScale(n, type, what);
    expectQuantization(
      sameScale(found, output),
      n,
      () => `${what} (${formatScale(found)}) must be quantized like the output (${formatScale(output)})`,
    );
  };
  n.inputs.forEach((type, i) => expectEqual(type, `operand ${i}`));
  n.outputs.slice(1).forEach((type, i) => expectEqual(type, `output ${i + 1}`));
  return output;
}
