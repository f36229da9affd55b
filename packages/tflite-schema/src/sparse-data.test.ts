import { createRandom, sizeOf, stridesOf } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import {
  DimensionMetadataT,
  DimensionType,
  Int32VectorT,
  SparseIndexVector,
  SparsityParametersT,
} from './generated/tflite.js';
import { SparsityError, unpackSparse } from './sparse-data.js';

const dense = (size: number) => new DimensionMetadataT(DimensionType.DENSE, size);
const compressed = (segments: number[], indices: number[]) =>
  new DimensionMetadataT(
    DimensionType.SPARSE_CSR,
    0,
    SparseIndexVector.Int32Vector,
    new Int32VectorT(segments),
    SparseIndexVector.Int32Vector,
    new Int32VectorT(indices),
  );

/** Rows in order, their columns compressed, in blocks of 2 columns: [1 2 0 0; 0 0 3 4; 0 0 0 0]. */
const blocks = () =>
  new SparsityParametersT([0, 1, 2], [1], [dense(3), compressed([0, 1, 2, 2], [0, 1]), dense(2)]);

describe('sparse constants', () => {
  it('are unpacked in blocks', () => {
    const values = Float32Array.of(1, 2, 3, 4);
    expect([...unpackSparse('float32', [3, 4], blocks(), values)]).toEqual([
      1, 2, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0,
    ]);
  });

  it('are what was packed, whatever the order of dimensions', () => {
    const random = createRandom(3).at('sparse');
    for (let round = 0; round < 200; round++) {
      const shape = Array.from({ length: 1 + random.int(3) }, () => 1 + random.int(5));
      const order = shape.map((_, axis) => axis);
      for (let i = order.length - 1; i > 0; i--) {
        const j = random.int(i + 1);
        [order[i], order[j]] = [order[j], order[i]];
      }
      const wanted = Int8Array.from({ length: sizeOf(shape) }, () =>
        random.int(3) === 0 ? 1 + random.int(9) : 0,
      );
      const { sparsity, values } = pack(wanted, shape, order, random.int(shape.length + 1));
      expect(unpackSparse('int8', shape, sparsity, values)).toEqual(wanted);
    }
  });

  it.each<[string, () => SparsityParametersT, number[], number]>([
    ['too few values', blocks, [3, 4], 3],
    ['too many values', blocks, [3, 4], 5],
    ['another shape', blocks, [4, 4], 4],
    ['a shape that blocks do not fit', blocks, [3, 5], 4],
    ['another rank', blocks, [3, 2, 2], 4],
    [
      'an order with a dimension twice',
      () => new SparsityParametersT([0, 0], [], [dense(3), dense(4)]),
      [3, 4],
      12,
    ],
    ['an index beyond the end', () => new SparsityParametersT([0], [], [compressed([0, 1], [4])]), [4], 1],
    ['an index twice', () => new SparsityParametersT([0], [], [compressed([0, 2], [1, 1])]), [4], 2],
    [
      'segments beyond the indices',
      () => new SparsityParametersT([0], [], [compressed([0, 9], [1])]),
      [4],
      1,
    ],
    ['segments backwards', () => new SparsityParametersT([0], [], [compressed([1, 0], [1])]), [4], 0],
    ['no segments', () => new SparsityParametersT([0], [], [compressed([], [])]), [4], 0],
    [
      'blocks of a dimension that is not there',
      () => new SparsityParametersT([0, 1], [1], [dense(4), dense(1)]),
      [4],
      4,
    ],
    [
      'next to nothing of a huge tensor',
      () => new SparsityParametersT([0], [], [compressed([0, 1], [1])]),
      [2 ** 30],
      1,
    ],
  ])('are refused with %s', (_, sparsity, shape, count) => {
    expect(() => unpackSparse('int8', shape, sparsity(), new Int8Array(count))).toThrow(SparsityError);
  });
});

/** Packs a tensor: dimensions in `order`, level `level` compressed, the others dense. */
function pack(wanted: Int8Array, shape: readonly number[], order: readonly number[], level: number) {
  const strides = stridesOf(shape);
  const values: number[] = [];
  const segments = [0];
  const indices: number[] = [];
  const isEmpty = (depth: number, at: number): boolean =>
    depth === order.length
      ? wanted[at] === 0
      : Array.from({ length: shape[order[depth]] }, (_, i) => at + i * strides[order[depth]]).every((next) =>
          isEmpty(depth + 1, next),
        );
  const visit = (depth: number, at: number): void => {
    if (depth === order.length) {
      values.push(wanted[at]);
      return;
    }
    const axis = order[depth];
    for (let i = 0; i < shape[axis]; i++) {
      const next = at + i * strides[axis];
      if (depth === level) {
        if (isEmpty(depth + 1, next)) continue;
        indices.push(i);
      }
      visit(depth + 1, next);
    }
    if (depth === level) segments.push(indices.length);
  };
  visit(0, 0);
  const metadata = order.map((axis, depth) =>
    depth === level ? compressed(segments, indices) : dense(shape[axis]),
  );
  return { sparsity: new SparsityParametersT([...order], [], metadata), values: Int8Array.from(values) };
}
