import { inflate } from '../inflate.js';
import type { ByteView } from './byte-view.js';
import { damaged, unread } from './faults.js';

/** What was done to chunks, in order: numbers as HDF5 registers them. */
export type Filters = readonly number[];

const deflate = 1;
const shuffle = 2;
const checksum = 3;

export function readFilters(view: ByteView): Filters {
  const version = view.u8();
  const count = view.u8();
  if (version === 1) view.skip(6);
  else if (version !== 2) throw damaged(`filters of version ${version}`);
  return Array.from({ length: count }, () => {
    const id = view.u16();
    const nameBytes = version === 1 || id >= 256 ? view.u16() : 0;
    const values = view.skip(2).u16();
    const padding =
      version === 1 ? { name: (8 - (nameBytes % 8)) % 8, values: (values % 2) * 4 } : { name: 0, values: 0 };
    view.skip(nameBytes + padding.name + 4 * values + padding.values);
    return id;
  });
}

/** The bytes of a chunk, which are `size`. `mask`: filters that were left out, a bit each. */
export function unfiltered(
  bytes: Uint8Array,
  filters: Filters,
  mask: number,
  size: number,
  elementSize: number,
): Uint8Array {
  let data = bytes;
  for (let i = filters.length - 1; i >= 0; i--) {
    if (((mask >>> i) & 1) !== 0) continue;
    // The bytes of a checksum may be among them.
    if (filters[i] === deflate) data = inflate(data, size + 4, 'zlib');
    else if (filters[i] === shuffle) data = unshuffled(data, elementSize);
    else if (filters[i] === checksum) data = data.subarray(0, Math.max(0, data.length - 4));
    else throw unread(`chunks with filter ${filters[i]}, expected deflate, shuffle or fletcher32`);
  }
  if (data.length !== size) throw damaged(`a chunk of ${data.length} bytes, expected ${size}`);
  return data;
}

/** Bytes that were put together by their place in the element, put back. */
function unshuffled(data: Uint8Array, elementSize: number): Uint8Array {
  const count = Math.floor(data.length / elementSize);
  const result = data.slice();
  for (let byte = 0; byte < elementSize; byte++)
    for (let i = 0; i < count; i++) result[i * elementSize + byte] = data[byte * count + i];
  return result;
}
