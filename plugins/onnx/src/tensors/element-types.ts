import { float16Value } from '@whittle/core';
import type { DType } from '@whittle/core';
import { bfloat16Value } from './bfloat16.js';

/** An element type of ONNX, and what it becomes. */
export interface ElementType {
  readonly name: string;
  /** Bits of an element in `raw_data`. */
  readonly bits: number;
  readonly dtype: DType;
  /** Which field holds elements that are not raw. */
  readonly field: 'floatData' | 'int32Data' | 'int64Data' | 'doubleData' | 'uint64Data';
  /** Reads element `i` of raw data. */
  readonly raw: (view: DataView, i: number) => number | bigint;
  /** An element's value, where the field holds its bits. */
  readonly fromField?: (bits: number) => number;
}

const nibble = (view: DataView, i: number) => (view.getUint8(i >> 1) >> (i % 2 ? 4 : 0)) & 0xf;
const signed = (bits: number) => (bits > 7 ? bits - 16 : bits);

/** TensorProto.DataType, as far as there are tensors of it. Wider floats are rounded to float32. */
export const elementTypes: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [
    1,
    {
      name: 'float',
      bits: 32,
      dtype: 'float32',
      field: 'floatData',
      raw: (v, i) => v.getFloat32(4 * i, true),
    },
  ],
  [2, { name: 'uint8', bits: 8, dtype: 'uint8', field: 'int32Data', raw: (v, i) => v.getUint8(i) }],
  [3, { name: 'int8', bits: 8, dtype: 'int8', field: 'int32Data', raw: (v, i) => v.getInt8(i) }],
  [
    4,
    { name: 'uint16', bits: 16, dtype: 'int32', field: 'int32Data', raw: (v, i) => v.getUint16(2 * i, true) },
  ],
  [
    5,
    { name: 'int16', bits: 16, dtype: 'int16', field: 'int32Data', raw: (v, i) => v.getInt16(2 * i, true) },
  ],
  [
    6,
    { name: 'int32', bits: 32, dtype: 'int32', field: 'int32Data', raw: (v, i) => v.getInt32(4 * i, true) },
  ],
  [
    7,
    {
      name: 'int64',
      bits: 64,
      dtype: 'int64',
      field: 'int64Data',
      raw: (v, i) => v.getBigInt64(8 * i, true),
    },
  ],
  [9, { name: 'bool', bits: 8, dtype: 'bool', field: 'int32Data', raw: (v, i) => (v.getUint8(i) ? 1 : 0) }],
  [
    10,
    {
      name: 'float16',
      bits: 16,
      dtype: 'float32',
      field: 'int32Data',
      raw: (v, i) => float16Value(v.getUint16(2 * i, true)),
      fromField: float16Value,
    },
  ],
  [
    11,
    {
      name: 'double',
      bits: 64,
      dtype: 'float32',
      field: 'doubleData',
      raw: (v, i) => v.getFloat64(8 * i, true),
    },
  ],
  [
    12,
    {
      name: 'uint32',
      bits: 32,
      dtype: 'int64',
      field: 'uint64Data',
      raw: (v, i) => v.getUint32(4 * i, true),
    },
  ],
  [
    13,
    {
      name: 'uint64',
      bits: 64,
      dtype: 'int64',
      field: 'uint64Data',
      raw: (v, i) => v.getBigInt64(8 * i, true),
    },
  ],
  [
    16,
    {
      name: 'bfloat16',
      bits: 16,
      dtype: 'float32',
      field: 'int32Data',
      raw: (v, i) => bfloat16Value(v.getUint16(2 * i, true)),
      fromField: bfloat16Value,
    },
  ],
  [21, { name: 'uint4', bits: 4, dtype: 'uint8', field: 'int32Data', raw: nibble }],
  [22, { name: 'int4', bits: 4, dtype: 'int8', field: 'int32Data', raw: (v, i) => signed(nibble(v, i)) }],
]);

/** The name of an element type, or its number where it has none here. */
export function elementTypeName(code: number | undefined): string {
  return elementTypes.get(code ?? 0)?.name ?? `type ${code ?? 0}`;
}
