import { sizeOf, tensor } from '@whittle/core';
import type { Quantization, Tensor } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';

/** Inferences of a case with states: more than most of them remember. */
export const STREAM_LENGTH = 8;

/** What runtimes give a variable before the first inference: the zero point of int8, zero otherwise. */
export function initialState(
  dtype: ActivationDType,
  shape: readonly number[],
  quantization: Quantization,
): Tensor {
  const value = dtype === 'int8' ? quantization.zeroPoint[0] : 0;
  const data = Array.from({ length: sizeOf(shape) }, () => value);
  return tensor(dtype, shape, data, quantization);
}
