import { Inflate, Unzlib } from 'fflate';
import { WhittleError } from '@whittle/core';

/** Packed bytes at a time: what they unpack to, at most a thousand times as much, is made before it is looked at. */
const pieceBytes = 1 << 14;

/**
 * Unpacks deflated bytes, bare (`raw`) or with the head and checksum of zlib, to at most `most` bytes: it stops there.
 * @throws FORMAT_INVALID where there are more, or the bytes are damaged
 */
export function inflate(packed: Uint8Array, most: number, form: 'raw' | 'zlib'): Uint8Array {
  const data = new Uint8Array(most);
  let length = 0;
  const take = (part: Uint8Array) => {
    if (length + part.length > most) throw invalid(`more than ${most} bytes unpacked`);
    data.set(part, length);
    length += part.length;
  };
  const stream = form === 'raw' ? new Inflate(take) : new Unzlib(take);
  try {
    for (let at = 0; at < packed.length; at += pieceBytes) {
      const end = at + pieceBytes;
      stream.push(packed.subarray(at, end), end >= packed.length);
    }
  } catch (error) {
    if (error instanceof WhittleError) throw error;
    throw invalid(error instanceof Error ? error.message : 'it is damaged', error);
  }
  return length === most ? data : data.subarray(0, length);
}

function invalid(message: string, cause?: unknown): WhittleError {
  return new WhittleError('FORMAT_INVALID', `Keras: what is packed does not unpack: ${message}`, {
    plugin: 'keras',
    cause,
  });
}
