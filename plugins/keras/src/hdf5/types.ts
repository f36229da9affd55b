import type { ByteView } from './byte-view.js';
import { damaged, unread } from './faults.js';

/** What elements are: numbers, or texts of a fixed size or kept elsewhere. `size` in bytes of an element. */
export type ElementType =
  | { readonly kind: 'float' | 'signed' | 'unsigned'; readonly size: number }
  | { readonly kind: 'text' | 'texts elsewhere'; readonly size: number };

/** Exponent and mantissa bits of the IEEE 754 formats, by size. */
const floatFormats: Readonly<Record<number, string>> = { 2: '5 10', 4: '8 23', 8: '11 52' };

export function readElementType(view: ByteView): ElementType {
  const head = view.u8() & 0x0f;
  const bits = view.u8();
  view.skip(2);
  const size = view.u32();
  if (size === 0) throw damaged('elements of no size');
  switch (head) {
    case 0:
      if ((bits & 1) !== 0) throw unread('big-endian numbers');
      if (![1, 2, 4, 8].includes(size)) throw unread(`integers of ${size} bytes`);
      return { kind: (bits & 8) !== 0 ? 'signed' : 'unsigned', size };
    case 1: {
      if ((bits & 1) !== 0) throw unread('big-endian numbers');
      view.skip(5);
      const exponent = view.u8();
      const format = `${exponent} ${view.skip(1).u8()}`;
      if (floatFormats[size] !== format)
        throw unread(`floats of ${size} bytes with ${exponent} bits of exponent`);
      return { kind: 'float', size };
    }
    case 3:
      return { kind: 'text', size };
    case 9:
      if ((bits & 0x0f) === 1 && size === 16) return { kind: 'texts elsewhere', size };
      throw unread('lists of different lengths');
    default:
      throw unread(`elements of class ${head}`);
  }
}

/** The extents; undefined where there are no elements at all. */
export function readShape(view: ByteView): number[] | undefined {
  const version = view.u8();
  const rank = view.u8();
  view.skip(1);
  if (version !== 1 && version !== 2) throw damaged(`a dataspace of version ${version}`);
  const kind = view.u8();
  if (version === 1) view.skip(4);
  if (version === 2 && kind === 2) return undefined;
  const shape = Array.from({ length: rank }, () => view.u64());
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (!Number.isSafeInteger(count)) throw damaged(`a dataspace of [${shape.join(', ')}]`);
  return shape;
}
