import { expect, it } from 'vitest';
import { float32, tensor } from '@whittle/core';
import { readNpy } from './npy.js';

/** A .npy file of version 1. */
function npy(descr: string, shape: string, data: Uint8Array): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const header = `${text.padEnd(117)}\n`;
  const length = new Uint8Array(Uint16Array.of(header.length).buffer);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(header), data]);
}

it('reads floats, whole numbers and truth values', () => {
  const floats = new Uint8Array(Float32Array.of(1.5, -2).buffer);
  expect(readNpy(npy('<f4', '(1, 2)', floats), 'x.npy')).toEqual(float32([1, 2], [1.5, -2]));
  const bytes = Uint8Array.of(255, 3);
  expect(readNpy(npy('|i1', '(2,)', bytes), 'x.npy')).toEqual(tensor('int8', [2], [-1, 3]));
  expect(readNpy(npy('|b1', '(3,)', Uint8Array.of(1, 0, 1)), 'x.npy')).toEqual(
    tensor('bool', [3], [1, 0, 1]),
  );
});

it('refuses types that models do not take', () => {
  expect(() => readNpy(npy('<f8', '(1,)', new Uint8Array(8)), 'x.npy')).toThrow(
    expect.objectContaining({ code: 'FORMAT_INVALID' }),
  );
});
