import { WhittleError, allocate, bitsOf, sizeOf, tensor as makeTensor } from '@whittle/core';
import type { DType, DTypeArrays, Tensor, TypedArray } from '@whittle/core';
import type { SparsityParametersT, TensorT } from './generated/tflite.js';
import { quantizationOf } from './quantization.js';
import { SparsityError, unpackSparse } from './sparse-data.js';
import { dtypeOf } from './tensor-types.js';
import type { TfliteModel } from './tflite-model.js';
import { textOf } from './tflite-model.js';

/**
 * The constant that a tensor of the file holds, with its quantization; undefined where it is computed at run time.
 * The data is a view of the file where its place allows it, else a copy; int4 is unpacked to one value a byte.
 * Constants that are stored sparsely are unpacked.
 * @throws FORMAT_INVALID where the bytes don't fill the shape, lie in another file, or have a type that models don't have.
 */
export function constantOf(model: TfliteModel, tensor: TensorT): Tensor | undefined {
  const name = textOf(tensor.name);
  if (tensor.externalBuffer !== 0)
    throw invalid(name, 'its data lies in another file, expected it in this one');
  const bytes = model.buffers[tensor.buffer];
  const size = sizeOf(tensor.shape);
  if (bytes.length === 0 && (tensor.buffer === 0 || size !== 0)) return undefined;
  const dtype = dtypeOf(tensor.type);
  if (tensor.sparsity !== null) return sparseConstant(tensor, tensor.sparsity, dtype, bytes);
  const expected = Math.ceil((size * bitsOf(dtype)) / 8);
  if (tensor.shape.some((dim) => dim < 0) || bytes.length !== expected)
    throw invalid(
      name,
      `found ${bytes.length} bytes for ${dtype} [${tensor.shape.join(', ')}], expected ${expected}`,
    );
  return makeTensor(dtype, tensor.shape, elementsOf(bytes, dtype, size), quantizationOf(tensor));
}

function sparseConstant(
  tensor: TensorT,
  sparsity: SparsityParametersT,
  dtype: DType,
  bytes: Uint8Array,
): Tensor {
  const name = textOf(tensor.name);
  const bits = bitsOf(dtype);
  if (bits < 8) throw invalid(name, `it is stored sparsely as ${dtype}, expected 8 bits or more`);
  const count = (8 * bytes.length) / bits;
  if (tensor.shape.some((dim) => dim < 0) || !Number.isInteger(count))
    throw invalid(name, `found ${bytes.length} bytes for values of ${dtype}`);
  try {
    const data = unpackSparse(dtype, tensor.shape, sparsity, elementsOf(bytes, dtype, count));
    return makeTensor(dtype, tensor.shape, data, quantizationOf(tensor));
  } catch (error) {
    if (error instanceof SparsityError) throw invalid(name, `stored sparsely, ${error.message}`);
    throw error;
  }
}

/** The bytes of a constant as a file holds them: little endian, int4 two to a byte, the first one in the low bits. */
export function bytesOf({ dtype, data }: Pick<Tensor, 'dtype' | 'data'>): Uint8Array {
  if (dtype !== 'int4') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const values = data as Int8Array;
  const bytes = new Uint8Array(Math.ceil(values.length / 2));
  for (let i = 0; i < values.length; i++) bytes[i >> 1] |= (values[i] & 15) << (4 * (i & 1));
  return bytes;
}

function elementsOf<D extends DType>(bytes: Uint8Array, dtype: D, size: number): DTypeArrays[D] {
  const elements = allocate(dtype, size);
  if (dtype === 'int4') {
    for (let i = 0; i < size; i++) elements[i] = ((bytes[i >> 1] >> (4 * (i & 1))) << 28) >> 28;
    return elements;
  }
  const constructor = elements.constructor as new (
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
  ) => TypedArray;
  if (bytes.byteOffset % elements.BYTES_PER_ELEMENT === 0)
    return new constructor(bytes.buffer, bytes.byteOffset, size) as DTypeArrays[D];
  new Uint8Array(elements.buffer).set(bytes);
  return elements;
}

function invalid(name: string, message: string): WhittleError {
  return new WhittleError('FORMAT_INVALID', `.tflite: tensor '${name}': ${message}`);
}
