import { WhittleError } from './errors.js';

/** float16 holds raw bits in a Uint16Array; int4 holds one value a byte; bool holds 0 or 1. */
export interface DTypeArrays {
  float32: Float32Array;
  float16: Uint16Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  int4: Int8Array;
  bool: Uint8Array;
}
export type DType = keyof DTypeArrays;
export type TypedArray = DTypeArrays[DType];

/**
 * Affine quantization, real = scale * (stored - zeroPoint). `scale` and `zeroPoint` have one entry, or one for each index
 * along `axis`.
 */
export interface Quantization {
  readonly scale: Float32Array;
  readonly zeroPoint: Int32Array;
  readonly axis?: number;
}

/** A value with its data, row-major. `shape` is in elements; `data.length` is its product. */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: DTypeArrays[D];
  readonly quantization?: Quantization;
}

const constructors: { readonly [D in DType]: new (length: number) => DTypeArrays[D] } = {
  float32: Float32Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  int4: Int8Array,
  bool: Uint8Array,
};

const bits: { readonly [D in DType]: number } = {
  float32: 32,
  float16: 16,
  int8: 8,
  uint8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  int4: 4,
  bool: 8,
};

/** All data types, in a stable order. */
export const dtypes = Object.keys(bits) as readonly DType[];

/** Bits that one element takes when stored densely: 4 for int4, 8 for bool. */
export function bitsOf(dtype: DType): number {
  return bits[dtype];
}

/** Number of elements of a shape: 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const dim of shape) size *= dim;
  return size;
}

/** A zeroed array that holds `length` elements of `dtype`. */
export function allocate<D extends DType>(dtype: D, length: number): DTypeArrays[D] {
  return new constructors[dtype](length);
}

/**
 * Makes a tensor; without data it is zero.
 * @throws SHAPE_MISMATCH where the data doesn't fill the shape, or is of another array type than the dtype's.
 */
export function tensor<D extends DType>(
  dtype: D,
  shape: readonly number[],
  data?: DTypeArrays[D] | readonly number[],
  quantization?: Quantization,
): Tensor<D> {
  const size = sizeOf(shape);
  let array: DTypeArrays[D];
  if (data === undefined) array = allocate(dtype, size);
  else if (Array.isArray(data)) {
    array = allocate(dtype, data.length);
    for (let i = 0; i < data.length; i++) array[i] = dtype === 'int64' ? BigInt(data[i]) : data[i];
  } else array = data as DTypeArrays[D];
  if (!(array instanceof constructors[dtype]))
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `a ${dtype} tensor needs ${constructors[dtype].name}, found ${array.constructor.name}`,
    );
  if (array.length !== size)
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `a ${dtype} tensor of shape [${shape.join(', ')}] needs ${size} elements, found ${array.length}`,
    );
  return quantization
    ? { dtype, shape: [...shape], data: array, quantization }
    : { dtype, shape: [...shape], data: array };
}

/** A float32 tensor; without data it is zero. */
export function float32(
  shape: readonly number[],
  data?: Float32Array | readonly number[],
): Tensor<'float32'> {
  return tensor('float32', shape, data);
}

/** Narrows a tensor to one dtype. @throws SHAPE_MISMATCH where it has another. */
export function expectDType<D extends DType>(value: Tensor, dtype: D, what: string): Tensor<D> {
  if (value.dtype !== dtype)
    throw new WhittleError('SHAPE_MISMATCH', `${what}: expected ${dtype}, found ${value.dtype}`);
  return value as Tensor<D>;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Axis i of the result is axis order[i] of the value; per-channel quantization follows its axis. */
export function permuteAxes<D extends DType>(value: Tensor<D>, order: readonly number[]): Tensor<D> {
  const shape = order.map((axis) => value.shape[axis]);
  const from = stridesOf(value.shape);
  const strides = order.map((axis) => from[axis]);
  const data = allocate(value.dtype, sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let at = 0;
  for (let i = 0; i < data.length; i++) {
    data[i] = value.data[at];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++index[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  const q = value.quantization;
  const axis = q?.axis === undefined ? undefined : order.indexOf(q.axis);
  return tensor(value.dtype, shape, data, q && (axis === undefined ? q : { ...q, axis }));
}

/** The elements at `indices` along one axis, in that order; the other axes whole. */
export function take<D extends DType>(value: Tensor<D>, axis: number, indices: ArrayLike<number>): Tensor<D> {
  return takeAxes(value, new Map([[axis, indices]]));
}

/** As `take`, along several axes at once. */
export function takeAxes<D extends DType>(
  value: Tensor<D>,
  indices: ReadonlyMap<number, ArrayLike<number>>,
): Tensor<D> {
  const { dtype, data } = value;
  const shape = value.shape.map((dim, axis) => indices.get(axis)?.length ?? dim);
  const result = allocate(dtype, sizeOf(shape));
  const [source, target] = [rawElements(data), rawElements(result)];
  const strides = stridesOf(value.shape);
  // Whole inner axes are copied at once; along the innermost axis with indices elements, or such copies, are picked.
  const inner = Math.max(0, ...indices.keys());
  const row = strides[inner] ?? 1;
  const picked = indices.get(inner);
  let to = 0;
  const copy = (axis: number, from: number): void => {
    if (axis < inner) {
      const own = indices.get(axis);
      for (let i = 0; i < shape[axis]; i++) copy(axis + 1, from + (own ? own[i] : i) * strides[axis]);
    } else if (!picked) {
      target.set(source.subarray(from, from + row * (shape[inner] ?? 1)), to);
      to += row * (shape[inner] ?? 1);
    } else {
      pickRows(target, to, source, from, picked, row);
      to += row * picked.length;
    }
  };
  copy(0, 0);
  let quantization = value.quantization;
  for (const [axis, own] of indices) quantization &&= takeQuantization(quantization, axis, own);
  return tensor(dtype, shape, result, quantization);
}

/** Elements as bits, so that copying has as few kinds of arrays to deal with as there are sizes. */
function rawElements({ buffer, byteOffset, length, BYTES_PER_ELEMENT }: TypedArray): Uint32Array {
  const kind = unsignedArrays.get(BYTES_PER_ELEMENT) as typeof Uint32Array;
  return new kind(buffer, byteOffset, length);
}

const unsignedArrays = new Map<number, unknown>(
  [Uint8Array, Uint16Array, Uint32Array, BigUint64Array].map((kind) => [kind.BYTES_PER_ELEMENT, kind]),
);

/** Calls cost more than loops where rows are short. */
const SHORT_ROW = 32;

function pickRows(
  target: Uint32Array,
  to: number,
  source: Uint32Array,
  from: number,
  picked: ArrayLike<number>,
  row: number,
): void {
  if (row === 1) for (let i = 0; i < picked.length; i++) target[to + i] = source[from + picked[i]];
  else
    for (let i = 0; i < picked.length; i++, to += row) {
      const start = from + picked[i] * row;
      if (row > SHORT_ROW) target.set(source.subarray(start, start + row), to);
      else for (let k = 0; k < row; k++) target[to + k] = source[start + k];
    }
}

/** Per-channel quantization after `take` along `axis`; any other quantization is unchanged. */
export function takeQuantization(q: Quantization, axis: number, indices: ArrayLike<number>): Quantization {
  if (q.axis !== axis || q.scale.length === 1) return q;
  const scale = Float32Array.from(indices, (i) => q.scale[i]);
  const zeroPoint = q.zeroPoint.length === 1 ? q.zeroPoint : Int32Array.from(indices, (i) => q.zeroPoint[i]);
  return { scale, zeroPoint, axis };
}

/** Whether two values have the very same scales and zero points along the same axis, or none. */
export function sameQuantization(a: Quantization | undefined, b: Quantization | undefined): boolean {
  if (!a || !b) return a === b;
  const equal = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    x.length === y.length && Array.from(x).every((value, i) => value === y[i]);
  return a.axis === b.axis && equal(a.scale, b.scale) && equal(a.zeroPoint, b.zeroPoint);
}

/** Whether two tensors have the same type, shape and elements, bit for bit (NaN equals NaN, 0 differs from -0). */
export function tensorsEqual(a: Tensor, b: Tensor): boolean {
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length || a.shape.some((d, i) => d !== b.shape[i]))
    return false;
  for (let i = 0; i < a.data.length; i++) if (!Object.is(a.data[i], b.data[i])) return false;
  return true;
}
