import { allocate, sizeOf, stridesOf } from '@whittle/core';
import type { DType, DTypeArrays } from '@whittle/core';
import { DimensionType } from './generated/tflite.js';
import type { DimensionMetadataT, SparsityParametersT } from './generated/tflite.js';

/** Elements of a sparse constant for each one that is stored: beyond, a small file would take any amount of memory. */
const MOST_PER_STORED = 32;
/** Constants up to this size may be emptier. */
const SMALL = 4096;

/** Why a sparse constant can't be unpacked: what was found and what was expected. */
export class SparsityError extends Error {}

/** One level of the traversal: a dimension of the tensor, or of the blocks that it is cut into. */
interface Level {
  readonly format: DimensionType;
  readonly size: number;
  /** CSR: positions of entry i are indices[segments[i]] to indices[segments[i + 1] - 1]. */
  readonly segments: readonly number[];
  readonly indices: readonly number[];
  /** Elements that one step along this level is apart in the dense tensor. */
  readonly stride: number;
}

/**
 * Unpacks a constant that is stored sparsely: its levels in order of traversal, the tensor's own dimensions and those of
 * the blocks inside them, each dense or compressed (CSR). Elements that aren't stored are 0. `values` has the stored ones.
 * @throws SparsityError
 */
export function unpackSparse<D extends DType>(
  dtype: D,
  shape: readonly number[],
  sparsity: SparsityParametersT,
  values: DTypeArrays[D],
): DTypeArrays[D] {
  const size = sizeOf(shape);
  const most = Math.max(SMALL, MOST_PER_STORED * values.length);
  if (size > most)
    throw new SparsityError(`${values.length} values stored of ${size}, expected ${most} elements at most`);
  const levels = levelsOf(shape, sparsity);
  const dense = allocate(dtype, size);
  let next = 0;
  const visit = (depth: number, entry: number, at: number): void => {
    if (depth === levels.length) {
      if (next >= values.length)
        throw new SparsityError(`more positions than the ${values.length} values stored`);
      dense[at] = values[next++];
      return;
    }
    const { format, size: extent, segments, indices, stride } = levels[depth];
    if (format === DimensionType.DENSE) {
      for (let i = 0; i < extent; i++) visit(depth + 1, entry * extent + i, at + i * stride);
      return;
    }
    const [from, to] = [segments[entry], segments[entry + 1]];
    if (!(from >= 0 && from <= to && to <= indices.length))
      throw new SparsityError(`segment ${entry} from ${from} to ${to} of ${indices.length} indices`);
    for (let i = from; i < to; i++) {
      const index = indices[i];
      if (!(index >= 0 && index < extent && (i === from || index > indices[i - 1])))
        throw new SparsityError(`index ${index} of ${extent}, expected ascending ones`);
      visit(depth + 1, i, at + index * stride);
    }
  };
  visit(0, 0, 0);
  if (next !== values.length) throw new SparsityError(`${values.length} values stored, expected ${next}`);
  return dense;
}

function levelsOf(shape: readonly number[], sparsity: SparsityParametersT): Level[] {
  const { traversalOrder, blockMap, dimMetadata } = sparsity;
  const rank = shape.length;
  const count = rank + blockMap.length;
  const isOrder = [...traversalOrder].sort((a, b) => a - b).every((axis, i) => axis === i);
  if (traversalOrder.length !== count || !isOrder || dimMetadata.length !== count)
    throw new SparsityError(
      `${dimMetadata.length} dimensions in the order [${traversalOrder.join(', ')}], expected ${count}`,
    );
  if (blockMap.some((axis, i) => axis < 0 || axis >= rank || blockMap.indexOf(axis) !== i))
    throw new SparsityError(`blocks along [${blockMap.join(', ')}] of ${rank} dimensions`);
  const extentOf = (axis: number) => dimMetadata[traversalOrder.indexOf(axis)];
  const blockOf = (axis: number): number => {
    const block = blockMap.indexOf(axis);
    return block < 0 ? 1 : extentOf(rank + block).denseSize;
  };
  const strides = stridesOf(shape);
  return traversalOrder.map((axis, level) => {
    const metadata = dimMetadata[level];
    const isBlock = axis >= rank;
    const own = isBlock ? blockMap[axis - rank] : axis;
    const size = isBlock ? metadata.denseSize : shape[own] / blockOf(own);
    if (!Number.isInteger(size) || size < 1 || (isBlock && metadata.format !== DimensionType.DENSE))
      throw new SparsityError(`blocks of ${blockOf(own)} along the ${shape[own]} of dimension ${own}`);
    if (metadata.format === DimensionType.DENSE && metadata.denseSize !== size)
      throw new SparsityError(`dimension ${own} of ${metadata.denseSize}, expected ${size}`);
    return { ...csr(metadata), size, stride: strides[own] * (isBlock ? 1 : blockOf(own)) };
  });
}

function csr({ format, arraySegments, arrayIndices }: DimensionMetadataT) {
  return { format, segments: arraySegments?.values ?? [], indices: arrayIndices?.values ?? [] };
}
