import { WhittleError } from '@whittle/core';
import type { DType, Tensor } from '@whittle/core';

/** What NumPy calls the types: little-endian, as they lie in memory. */
const descriptions: Readonly<Record<DType, string>> = {
  float32: '<f4',
  float16: '<f2',
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  int32: '<i4',
  int64: '<i8',
  // One value a byte.
  int4: '|i1',
  bool: '|b1',
};

/** The data begins at a multiple of this. */
const ALIGNMENT = 64;

/** A .npy file (version 1.0) of tensors of one type, one after the other along a new first axis. @throws OPTION_INVALID for none */
export function npyOfTensors(tensors: readonly Tensor[]): Uint8Array {
  const [first] = tensors;
  if (!first) throw new WhittleError('OPTION_INVALID', 'a .npy file of no tensors, expected at least one');
  const shape = [tensors.length, ...first.shape];
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descriptions[first.dtype]}', 'fortran_order': False, 'shape': (${extents}), }`;
  const before = 10;
  const end = Math.ceil((before + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = `${text.padEnd(end - before - 1)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    length,
    Buffer.from(header, 'latin1'),
    ...tensors.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}
