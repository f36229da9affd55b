/** A data set's extents, and the bytes of an element. */
export interface Extent {
  readonly shape: readonly number[];
  readonly elementSize: number;
}

/** Where a chunk lies in a data set, and how large it is. */
export interface ChunkPlace extends Extent {
  readonly chunk: readonly number[];
  readonly start: readonly number[];
}

/** Copies a chunk into a data set's bytes, row by row; what is beyond the data set's edge is left out. */
export function copyChunk(data: Uint8Array, bytes: Uint8Array, place: ChunkPlace): void {
  const { shape, chunk, start, elementSize } = place;
  const last = shape.length - 1;
  if (last < 0) return data.set(bytes.subarray(0, data.length));
  const width = Math.min(chunk[last], shape[last] - start[last]) * elementSize;
  const counts = chunk.slice(0, last).map((extent, axis) => Math.min(extent, shape[axis] - start[axis]));
  const [toSteps, fromSteps] = [stepsOf(shape, elementSize), stepsOf(chunk, elementSize)];
  let to = start.reduce((sum, at, axis) => sum + at * toSteps[axis], 0);
  let from = 0;
  // Counts up from the last axis but one, with both places.
  const index = new Array<number>(last).fill(0);
  for (;;) {
    for (let i = 0; i < width; i++) data[to + i] = bytes[from + i];
    let axis = last - 1;
    while (axis >= 0 && index[axis] === counts[axis] - 1) {
      to -= index[axis] * toSteps[axis];
      from -= index[axis] * fromSteps[axis];
      index[axis--] = 0;
    }
    if (axis < 0) return;
    index[axis]++;
    to += toSteps[axis];
    from += fromSteps[axis];
  }
}

/** How many bytes lie between neighbours along each axis. */
function stepsOf(shape: readonly number[], elementSize: number): number[] {
  const steps = new Array<number>(shape.length);
  let step = elementSize;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    steps[axis] = step;
    step *= shape[axis];
  }
  return steps;
}
