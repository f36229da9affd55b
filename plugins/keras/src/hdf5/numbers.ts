import { float16Value } from '@whittle/core';
import { unread } from './faults.js';
import type { ElementType } from './types.js';

/** Little-endian numbers as floats, in memory of their own: where `bytes` are all of a buffer, that may be it. */
export function floatsOf(bytes: Uint8Array, { kind, size }: ElementType): Float32Array {
  const copy = bytes.length === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
  if (kind === 'float' && size === 4) return new Float32Array(copy);
  if (kind === 'float' && size === 8) return Float32Array.from(new Float64Array(copy));
  if (kind === 'float') return Float32Array.from(new Uint16Array(copy), float16Value);
  if (kind === 'text' || kind === 'texts elsewhere') throw unread('texts, expected numbers');
  if (size === 8)
    return Float32Array.from(kind === 'signed' ? new BigInt64Array(copy) : new BigUint64Array(copy), Number);
  const signed = kind === 'signed';
  if (size === 4) return Float32Array.from(signed ? new Int32Array(copy) : new Uint32Array(copy));
  if (size === 2) return Float32Array.from(signed ? new Int16Array(copy) : new Uint16Array(copy));
  return Float32Array.from(signed ? new Int8Array(copy) : new Uint8Array(copy));
}
