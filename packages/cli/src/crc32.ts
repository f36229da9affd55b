import CRC32 from 'crc-32';
import type { Tensor } from '@whittle/core';

/** CRC-32 (IEEE 802.3) of the bytes of tensors, one after the other: 8 lower-case hexadecimal digits. */
export function crc32(tensors: readonly Tensor[]): string {
  let crc = 0;
  for (const { data } of tensors)
    crc = CRC32.buf(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), crc);
  return (crc >>> 0).toString(16).padStart(8, '0');
}
