import { allocate, concrete, sizeOf, tensor } from '@whittle/core';
import type { Tensor, ValueType } from '@whittle/core';

/**
 * What a variable holds that nothing initializes, as TensorFlow Lite Micro has it: the zero point where it is int8, else
 * zero.
 */
export function resetValue({ dtype, shape, quantization }: ValueType): Tensor {
  const extents = concrete(shape);
  const data = allocate(dtype, sizeOf(extents));
  if (dtype === 'int8' && quantization) (data as Int8Array).fill(quantization.zeroPoint[0]);
  return tensor(dtype, extents, data as never, quantization);
}
