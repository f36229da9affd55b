import { tensor } from '../tensor.js';
import type { DType, Tensor } from '../tensor.js';

/**
 * Numbers that an op has computed of operands of a type: of that type where it is int32 or int64, with fractions cut off, else
 * float32. int64 is exact up to 2^53.
 */
export function computedTensor(dtype: DType, shape: readonly number[], numbers: Float64Array): Tensor {
  switch (dtype) {
    case 'int32':
      return tensor(dtype, shape, Int32Array.from(numbers));
    case 'int64':
      return tensor(dtype, shape, BigInt64Array.from(Array.from(numbers, wholeNumber)));
    default:
      return tensor('float32', shape, Float32Array.from(numbers));
  }
}

function wholeNumber(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}
