import { WhittleError } from '@whittle/core';
import type { DType } from '@whittle/core';
import { TensorType } from './generated/tflite.js';

const types: { readonly [D in DType]: TensorType } = {
  float32: TensorType.FLOAT32,
  float16: TensorType.FLOAT16,
  int8: TensorType.INT8,
  uint8: TensorType.UINT8,
  int16: TensorType.INT16,
  int32: TensorType.INT32,
  int64: TensorType.INT64,
  int4: TensorType.INT4,
  bool: TensorType.BOOL,
};

const dtypes = new Map(Object.entries(types).map(([dtype, type]) => [type, dtype as DType]));

/** The file's element type for a dtype. */
export function tensorTypeOf(dtype: DType): TensorType {
  return types[dtype];
}

/** The dtype for the file's element type. @throws FORMAT_INVALID for types that models don't have, such as STRING. */
export function dtypeOf(type: TensorType): DType {
  const dtype = dtypes.get(type);
  if (dtype === undefined)
    throw new WhittleError(
      'FORMAT_INVALID',
      `.tflite: tensor type ${tensorTypeName(type)}, expected one of ${Object.keys(types).join(', ')}`,
    );
  return dtype;
}

/** FLOAT32, INT8, ...; a number where the type is newer than the schema. */
export function tensorTypeName(type: TensorType): string {
  return TensorType[type] ?? `TYPE_${type}`;
}
