import { sizeOf, tensor, WhittleError } from '@whittle/core';
import type { DType, Tensor, TypedArray } from '@whittle/core';
import { parse } from 'npyjs';
import type { NpyArray } from 'npyjs';

const dtypeNames: Readonly<Record<string, DType>> = {
  f4: 'float32',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  b1: 'bool',
};

/**
 * The array in a .npy file, little-endian and in C order.
 * @throws FORMAT_INVALID where it is no such file, truncated, or of a type that models don't take
 */
export function readNpy(bytes: Uint8Array, where: string): Tensor {
  const { data, shape, dtype, fortranOrder } = parseNpy(bytes, where);
  const name = dtypeNames[dtype];
  if (!name)
    throw invalid(where, `found elements of type ${dtype}, expected ${Object.values(dtypeNames).join(', ')}`);
  if (fortranOrder && shape.length > 1) throw invalid(where, 'found Fortran order, expected C order');
  if (!shape.every((extent) => Number.isInteger(extent) && extent >= 0))
    throw invalid(where, `found shape [${shape.join(', ')}], expected whole numbers`);
  const size = sizeOf(shape);
  const { length } = data as unknown as TypedArray;
  if (length !== size)
    throw invalid(where, `found ${length} elements, expected ${size} for shape [${shape.join(', ')}]`);
  // Truth values come as those of JavaScript.
  return tensor(name, shape, name === 'bool' ? Uint8Array.from(data as never, Number) : (data as never));
}

function parseNpy(bytes: Uint8Array, where: string): NpyArray {
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(1, 6)) !== 'NUMPY')
    throw invalid(where, `the ${bytes.length} bytes don't begin as a .npy file does`);
  try {
    return parse(new Uint8Array(bytes).buffer);
  } catch (cause) {
    throw invalid(where, `not a .npy file that can be read: ${(cause as Error).message}`, cause);
  }
}

function invalid(where: string, what: string, cause?: unknown): WhittleError {
  return new WhittleError('FORMAT_INVALID', `${where}: ${what}`, { cause });
}
