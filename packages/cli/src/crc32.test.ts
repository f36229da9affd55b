import { expect, it } from 'vitest';
import { float32, tensor } from '@whittle/core';
import { crc32 } from './crc32.js';

/** The definition, bit by bit: reflected polynomial 0xEDB88320. */
function reference(bytes: Iterable<number>): string {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte & 255;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (~crc >>> 0).toString(16).padStart(8, '0');
}

it('covers the bytes of all tensors, one after the other', () => {
  const signed = Int8Array.from({ length: 300 }, (_, i) => i - 150);
  const floats = float32([2], [1, -2]);
  const bytes = [...new Uint8Array(signed.buffer), ...new Uint8Array(floats.data.buffer)];
  expect(crc32([tensor('int8', [300], signed), floats])).toBe(reference(bytes));
  expect(
    crc32([
      tensor(
        'int8',
        [9],
        [...'123456789'].map((c) => c.charCodeAt(0)),
      ),
    ]),
  ).toBe('cbf43926');
  expect(crc32([])).toBe('00000000');
});
