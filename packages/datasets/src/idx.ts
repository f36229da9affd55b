import { sizeOf } from '@whittle/core';
import { expectData } from './errors.js';

const UNSIGNED_BYTE = 0x08;

/** Bytes and extents of an IDX file (LeCun's format of MNIST). */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * Reads an IDX file of unsigned bytes: two zero bytes, the type 0x08, the rank, an extent a dimension as big-endian
 * 32-bit integers, and the data, row-major. `path` is for messages.
 * @throws DATASET_INVALID where the file isn't one, has another rank, or is longer or shorter than its extents say
 */
export function parseIdx(path: string, bytes: Uint8Array, rank: number): IdxArray {
  const header = 4 + 4 * rank;
  const magic = Array.from(bytes.subarray(0, 4));
  expectData(
    magic.length === 4 && magic[0] === 0 && magic[1] === 0 && magic[2] === UNSIGNED_BYTE && magic[3] === rank,
    () => `${path} must be IDX of rank ${rank} (${hex([0, 0, UNSIGNED_BYTE, rank])}), found ${hex(magic)}`,
  );
  expectData(
    bytes.length >= header,
    () => `${path}: the header takes ${header} bytes, found ${bytes.length}`,
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = sizeOf(shape);
  expectData(
    bytes.length === header + size,
    () =>
      `${path}: extents [${shape.join(', ')}] need ${size} bytes behind the header, found ${bytes.length - header}`,
  );
  return { shape, data: bytes.subarray(header) };
}

function hex(bytes: readonly number[]): string {
  return bytes.length === 0 ? 'nothing' : bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
