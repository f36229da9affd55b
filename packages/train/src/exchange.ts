import { float32, tensor, WhittleError } from '@whittle/core';
import type { Batch, Tensor } from '@whittle/core';
import type { TensorBatch } from './term.js';
import type { TensorFlow, TfTensor } from './tensorflow.js';

/** A copy of the library's tensor in core's form. */
export function fromTf(value: TfTensor): Tensor {
  const data = value.dataSync();
  switch (value.dtype) {
    case 'float32':
      return float32(value.shape, Float32Array.from(data as Float32Array));
    case 'int32':
      return tensor('int32', value.shape, Int32Array.from(data as Int32Array));
    case 'bool':
      return tensor('bool', value.shape, Uint8Array.from(data as Uint8Array));
    default:
      throw new WhittleError('SHAPE_MISMATCH', `a tensor of ${value.dtype} has no counterpart in a model`);
  }
}

/**
 * The library's tensor with the same data, which must not change while the tensor is in use.
 * @throws SHAPE_MISMATCH unless it is of float32, int32 or bool
 */
export function toTf(tf: TensorFlow, { dtype, shape, data }: Tensor, what: string): TfTensor {
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
    throw new WhittleError('SHAPE_MISMATCH', `${what}: expected float32, int32 or bool, found ${dtype}`);
  return tf.tensor(data as Float32Array | Int32Array | Uint8Array, [...shape], dtype);
}

/** A batch in the library's tensors. @throws SHAPE_MISMATCH where one is of a dtype that it has not */
export function uploadBatch(tf: TensorFlow, { inputs, labels }: Batch): TensorBatch {
  return {
    inputs: inputs.map((input, i) => toTf(tf, input, `input ${i} of a batch`)),
    labels: toTf(tf, labels, 'labels of a batch'),
  };
}
