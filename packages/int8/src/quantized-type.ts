import type { DType, InferView, ValueType } from '@whittle/core';
import { expectQuantization } from './errors.js';

/** Quantization of a whole tensor: real = scale * (stored - zeroPoint). `scale` is a float32 number. */
export interface TensorScale {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** What activations are stored as: int8, or int16 beside int8 weights ("16x8"). */
export type ActivationDType = 'int8' | 'int16';

/** What a kernel takes that knows int8 alone, and one that knows both. */
export const INT8_ONLY: readonly ActivationDType[] = ['int8'];
export const INT8_OR_INT16: readonly ActivationDType[] = ['int8', 'int16'];

/** The stored values that a type has, both bounds included. */
export const STORED_RANGE: Readonly<Record<ActivationDType, { readonly min: number; readonly max: number }>> =
  {
    int8: { min: -128, max: 127 },
    int16: { min: -32768, max: 32767 },
  };

/** Quantization of an activation, and what it is stored as. */
export interface ActivationScale extends TensorScale {
  readonly dtype: ActivationDType;
}

/**
 * Quantization of an activation of one of the types that a kernel takes. @throws QUANTIZATION_INVALID where it is of another
 * type, not quantized, quantized per channel, or has a scale that is no positive number or a zero point beyond its type.
 */
export function activationScale(
  n: { readonly name: string },
  type: ValueType,
  what: string,
  dtypes: readonly ActivationDType[] = INT8_ONLY,
): ActivationScale {
  const dtype = dtypes.find((each) => each === type.dtype);
  expectQuantization(
    dtype !== undefined,
    n,
    () =>
      `${what} must be ${dtypes.join(' or ')}, found ${type.dtype}${isActivationDType(type.dtype) ? ': the kernel has no such form' : ''}`,
  );
  const q = type.quantization;
  expectQuantization(q !== undefined, n, () => `${what} has no scale and zero point`);
  expectQuantization(
    q.scale.length === 1 && q.zeroPoint.length === 1,
    n,
    () => `${what} must have one scale, found ${q.scale.length}`,
  );
  expectScales(n, q.scale, what);
  const zeroPoint = q.zeroPoint[0];
  const { min, max } = STORED_RANGE[dtype];
  expectQuantization(
    zeroPoint >= min && zeroPoint <= max,
    n,
    () => `${what} needs a zero point in ${min} to ${max}, found ${zeroPoint}`,
  );
  return { scale: q.scale[0], zeroPoint, dtype };
}

function isActivationDType(dtype: DType): dtype is ActivationDType {
  return dtype in STORED_RANGE;
}

/** Whether a type is one that `activationScale` takes, int8 or int16. */
export function isActivation({ dtype, quantization: q }: ValueType): boolean {
  if (!isActivationDType(dtype) || q?.scale.length !== 1 || q.zeroPoint.length !== 1) return false;
  const { min, max } = STORED_RANGE[dtype];
  return isScale(q.scale[0]) && q.zeroPoint[0] >= min && q.zeroPoint[0] <= max;
}

/** @throws QUANTIZATION_INVALID where an int16 value has a zero point, for kernels that leave it out or refuse it */
export function expectSymmetricInt16(
  n: { readonly name: string },
  { dtype, zeroPoint }: ActivationScale,
  what: string,
): void {
  expectQuantization(
    dtype !== 'int16' || zeroPoint === 0,
    n,
    () => `${what} of int16 needs zero point 0, found ${zeroPoint}`,
  );
}

function isScale(scale: number): boolean {
  return scale > 0 && Number.isFinite(scale);
}

/** @throws QUANTIZATION_INVALID where a scale is zero, negative or no number */
export function expectScales(n: { readonly name: string }, scales: Float32Array, what: string): void {
  const bad = scales.find((scale) => !isScale(scale));
  expectQuantization(bad === undefined, n, () => `${what} needs positive scales, found ${bad}`);
}

/** Quantization of the i-th operand, an activation. @throws QUANTIZATION_INVALID */
export function inputScale(
  n: InferView<unknown>,
  index = 0,
  dtypes: readonly ActivationDType[] = INT8_ONLY,
): ActivationScale {
  return activationScale(n, n.inputs[index], n.inputs.length > 1 ? `operand ${index}` : 'input', dtypes);
}

/** Quantization of the first result, an activation. @throws QUANTIZATION_INVALID */
export function outputScale(
  n: { readonly name: string; readonly outputs: readonly ValueType[] },
  dtypes: readonly ActivationDType[] = INT8_ONLY,
): ActivationScale {
  return activationScale(n, n.outputs[0], 'output', dtypes);
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
export function expectEqualScales(
  n: {
    readonly name: string;
    readonly inputs: readonly ValueType[];
    readonly outputs: readonly ValueType[];
  },
  dtypes: readonly ActivationDType[] = INT8_ONLY,
): ActivationScale {
  const output = outputScale(n, dtypes);
  const expectEqual = (type: ValueType, what: string) => {
    const found = activationScale(n, type, what, [output.dtype]);
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
