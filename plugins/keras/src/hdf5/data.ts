import { ByteView } from './byte-view.js';
import { damaged, unread } from './faults.js';
import { readFilters, unfiltered } from './filters.js';
import { walkTree } from './links.js';
import { messageTypes } from './object-header.js';
import type { Message } from './object-header.js';

interface Extent {
  readonly shape: readonly number[];
  readonly elementSize: number;
}

/** A data set's bytes, row by row: as they lie in the file, or put together from chunks. Where nothing was written, zeros. */
export function readData(file: Uint8Array, messages: readonly Message[], extent: Extent): Uint8Array {
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
  return readChunks(file, messages, layout, extent, size);
}

function readChunks(
  file: Uint8Array,
  messages: readonly Message[],
  layout: ByteView,
  { shape, elementSize }: Extent,
  size: number,
): Uint8Array {
  const rank = layout.u8() - 1;
  const root = layout.address();
  const chunk = Array.from({ length: rank }, () => layout.u32());
  const chunkBytes = chunk.reduce((product, dim) => product * dim, elementSize);
  if (rank !== shape.length || chunk.includes(0))
    throw damaged(`chunks of [${chunk.join(', ')}] for [${shape.join(', ')}]`);
  // HDF5 makes no chunk larger than the data set; room for those at its edges.
  if (!(chunkBytes <= 2 ** rank * size))
    throw damaged(`chunks of ${chunkBytes} bytes in a data set of ${size}`);
  const filtering = messages.find(({ type }) => type === messageTypes.filters);
  const filters = filtering ? readFilters(filtering.view()) : [];
  const data = new Uint8Array(size);
  if (root === undefined) return data;
  const key = (node: ByteView) => {
    const [stored, mask] = [node.u32(), node.u32()];
    const start = shape.map(() => node.u64());
    node.skip(8);
    return { stored, mask, start };
  };
  const seen = new Set<number>();
  walkTree(file, root, 1, key, ({ stored, mask, start }, address) => {
    if (seen.has(address)) throw damaged('two chunks in one place');
    seen.add(address);
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

/** Copies a chunk row by row; what is beyond the data set's edge is left out. */
function copyChunk(
  data: Uint8Array,
  bytes: Uint8Array,
  place: Extent & { readonly chunk: readonly number[]; readonly start: readonly number[] },
): void {
  const { shape, chunk, start, elementSize } = place;
  const last = shape.length - 1;
  if (last < 0) return data.set(bytes.subarray(0, data.length));
  const width = Math.min(chunk[last], shape[last] - start[last]) * elementSize;
  const rows = chunk.slice(0, last).reduce((product, dim) => product * dim, 1);
  for (let row = 0; row < rows; row++) {
    let rest = row;
    let to = 0;
    let inside = true;
    const index = new Array<number>(last);
    for (let axis = last - 1; axis >= 0; axis--) {
      index[axis] = start[axis] + (rest % chunk[axis]);
      rest = Math.floor(rest / chunk[axis]);
      inside &&= index[axis] < shape[axis];
    }
    if (!inside) continue;
    for (let axis = 0; axis < last; axis++) to = (to + index[axis]) * shape[axis + 1];
    const from = row * chunk[last] * elementSize;
    data.set(bytes.subarray(from, from + width), (to + start[last]) * elementSize);
  }
}
