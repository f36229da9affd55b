import { allocate, sizeOf, tensor } from '@whittle/core';
import type { DType, Tensor } from '@whittle/core';
import { invalid, unsupported } from '../faults.js';
import type { TensorProto } from '../proto/messages.js';
import { elementTypeName, elementTypes } from './element-types.js';
import type { ElementType } from './element-types.js';

/** Data of tensors that lies in other files, by tensor. */
export type ExternalData = ReadonlyMap<TensorProto, Uint8Array>;

const largestInt64 = 2n ** 63n - 1n;

/**
 * A tensor's elements, in the type that models have for them: float16, bfloat16 and double become float32.
 * @throws FORMAT_INVALID where bytes and shape don't fit together, OP_UNSUPPORTED for strings and the like
 */
export function readTensor(proto: TensorProto, where: string, external: ExternalData): Tensor {
  const type = elementTypes.get(proto.dataType ?? 0);
  if (!type) throw unsupported(where, `a tensor of ${elementTypeName(proto.dataType)}`);
  const shape = readDims(proto, where);
  const size = sizeOf(shape);
  const raw = external.get(proto) ?? proto.rawData;
  const data = raw ? readRaw(raw, type, size, where) : readField(proto, type, size, where);
  return tensor(type.dtype, shape, data);
}

function readDims(proto: TensorProto, where: string): number[] {
  const dims = [...(proto.dims ?? [])];
  if (dims.some((dim) => !Number.isSafeInteger(dim) || dim < 0) || dims.length > 16 || sizeOf(dims) > 2 ** 31)
    throw invalid(where, `a tensor of shape [${dims.slice(0, 16).join(', ')}]`);
  return dims;
}

function readRaw(bytes: Uint8Array, type: ElementType, size: number, where: string) {
  const expected = Math.ceil((size * type.bits) / 8);
  if (bytes.length !== expected)
    throw invalid(where, `${bytes.length} bytes, expected ${expected} of ${size} elements of ${type.name}`);
  const data = allocate(type.dtype, size);
  if (type.name === data.constructor.name.replace('Array', '').toLowerCase().replace('float32', 'float')) {
    new Uint8Array(data.buffer).set(bytes);
    return data;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < size; i++) data[i] = stored(type.dtype, type.raw(view, i));
  return data;
}

function readField(proto: TensorProto, type: ElementType, size: number, where: string) {
  const values = proto[type.field] ?? [];
  // int4 packs two elements.
  const perEntry = type.bits === 4 ? 2 : 1;
  if (values.length !== Math.ceil(size / perEntry))
    throw invalid(where, `${values.length} elements in ${type.field}, expected ${size}`);
  const data = allocate(type.dtype, size);
  if (perEntry === 2) {
    const view = new DataView(Uint8Array.from(values).buffer);
    for (let i = 0; i < size; i++) data[i] = stored(type.dtype, type.raw(view, i));
  } else
    for (let i = 0; i < size; i++)
      data[i] = stored(type.dtype, type.fromField ? type.fromField(values[i] & 0xffff) : values[i]);
  return data;
}

function stored(dtype: DType, value: number | bigint): never {
  if (dtype !== 'int64') return value as never;
  return toInt64(value) as never;
}

/** The nearest 64-bit integer. */
export function toInt64(value: number | bigint): bigint {
  if (typeof value === 'bigint') return value;
  if (Number.isNaN(value)) return 0n;
  if (value >= 2 ** 63) return largestInt64;
  if (value < -(2 ** 63)) return -largestInt64 - 1n;
  return BigInt(Math.trunc(value));
}
