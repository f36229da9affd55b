import { ByteView } from './byte-view.js';
import type { Budget } from './budget.js';
import { copyChunk } from './copy-chunk.js';
import type { Extent } from './copy-chunk.js';
import { damaged, unread } from './faults.js';
import { readFilters, unfiltered } from './filters.js';
import { walkTree } from './links.js';
import { messageTypes } from './object-header.js';
import type { Message } from './object-header.js';

/** HDF5's own limit. */
const highestRank = 32;

/**
 * A data set's bytes, row by row: as they lie in the file, or put together from chunks, which are unpacked within `budget`.
 * Where nothing was written, zeros.
 */
export function readData(
  file: Uint8Array,
  messages: readonly Message[],
  extent: Extent,
  budget: Budget,
): Uint8Array {
  const layout = messages.find(({ type }) => type === messageTypes.layout)?.view();
  if (!layout) throw damaged('a data set without a layout');
  const size = extent.shape.reduce((product, dim) => product * dim, extent.elementSize);
  const version = layout.u8();
  if (version !== 3 && version !== 4) throw unread(`layouts of version ${version}`);
  const kind = layout.u8();
  if (kind === 0) return layout.part(layout.u16()).bytes(size);
  if (kind === 1) {
    const address = layout.address();
    return address === undefined ? new Uint8Array(size) : new ByteView(file, address).bytes(size);
  }
  if (kind !== 2 || version === 4)
    throw unread('data sets in virtual or newly indexed chunks (written with libver latest)');
  return readChunks(file, messages, layout, extent, size, budget);
}

function readChunks(
  file: Uint8Array,
  messages: readonly Message[],
  layout: ByteView,
  { shape, elementSize }: Extent,
  size: number,
  budget: Budget,
): Uint8Array {
  const rank = layout.u8() - 1;
  const root = layout.address();
  const chunk = Array.from({ length: rank }, () => layout.u32());
  const chunkBytes = chunk.reduce((product, dim) => product * dim, elementSize);
  if (rank !== shape.length || rank > highestRank || chunk.includes(0))
    throw damaged(`chunks of [${chunk.join(', ')}] for [${shape.join(', ')}]`);
  // HDF5 makes no chunk larger than the data set; room for those at its edges.
  if (!(chunkBytes <= 2 ** rank * size))
    throw damaged(`chunks of ${chunkBytes} bytes in a data set of ${size}`);
  const filtering = messages.find(({ type }) => type === messageTypes.filters);
  const filters = filtering ? readFilters(filtering.view()) : [];
  // Each filter makes a chunk anew.
  const made = chunkBytes * (1 + filters.length);
  const data = new Uint8Array(size);
  if (root === undefined) return data;
  const key = (node: ByteView) => {
    const [stored, mask] = [node.u32(), node.u32()];
    const start = shape.map(() => node.u64());
    node.skip(8);
    return { stored, mask, start };
  };
  const starts = new Set<string>();
  walkTree(file, root, 1, key, ({ stored, mask, start }, address) => {
    const place = start.join();
    if (starts.has(place)) throw damaged(`two chunks at [${start.join(', ')}]`);
    starts.add(place);
    budget.take(made, 'chunks');
    if (start.some((at, axis) => at >= shape[axis])) throw damaged(`a chunk at [${start.join(', ')}]`);
    const bytes = new ByteView(file, address).bytes(stored);
    copyChunk(data, unfiltered(bytes, filters, mask, chunkBytes, elementSize), {
      shape,
      chunk,
      start,
      elementSize,
    });
  });
  return data;
}
