import { z } from 'zod';
import type { Dim, ValueType } from '../model.js';
import { concrete, formatShape } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import type { InferView, Span } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { broadcastShape, forEachBroadcast } from './broadcast.js';

export const batchMatmulAttributes = z.object({ transposeA: z.boolean(), transposeB: z.boolean() }).strict();
export type BatchMatmulAttributes = z.infer<typeof batchMatmulAttributes>;

/** Extents of the matrices, and the shapes around them. */
export interface MatmulGeometry {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly batchA: readonly Dim[];
  readonly batchB: readonly Dim[];
  readonly batch: readonly Dim[];
}

/** @throws SHAPE_MISMATCH where operands are no matrices, or don't fit together */
export function matmulGeometry(n: InferView<BatchMatmulAttributes>): MatmulGeometry {
  const { transposeA, transposeB } = n.attributes;
  const [a, b] = n.inputs.map(({ shape }) => shape);
  expectShape(
    a.length >= 2 && b.length >= 2,
    n,
    () => `operands must be matrices, found ${formatShape(a)} and ${formatShape(b)}`,
  );
  const [firstA, lastA] = concrete(a.slice(-2));
  const [firstB, lastB] = concrete(b.slice(-2));
  const [rows, inner] = transposeA ? [lastA, firstA] : [firstA, lastA];
  const [innerB, columns] = transposeB ? [lastB, firstB] : [firstB, lastB];
  expectShape(
    inner === innerB && ![...a.slice(-2), ...b.slice(-2)].includes('batch'),
    n,
    () => `matrices of ${formatShape(a)} and ${formatShape(b)} don't multiply`,
  );
  const [batchA, batchB] = [a.slice(0, -2), b.slice(0, -2)];
  return { rows, inner, columns, batchA, batchB, batch: broadcastShape(n, batchA, batchB) };
}

/**
 * Products of matrices, the last two axes of both operands: a [..., M, K] times b [..., K, N], either transposed where the
 * attributes say so. The axes before them broadcast.
 */
export const batchMatmul = defineOp<BatchMatmulAttributes>({
  name: 'batch_matmul',
  version: 1,
  operands: [{ name: 'a' }, { name: 'b' }],
  attributes: batchMatmulAttributes,
  infer(n): ValueType[] {
    const [a, b] = n.inputs;
    expectShape(
      a.dtype === b.dtype,
      n,
      () => `operands must have one dtype, found ${a.dtype} and ${b.dtype}`,
    );
    const { batch, rows, columns } = matmulGeometry(n);
    return [{ dtype: a.dtype, shape: [...batch, rows, columns] }];
  },
  cost(n) {
    const macs = sizeOf(concrete(n.outputs[0].shape)) * matmulGeometry(n).inner;
    return { macs, flops: 2 * macs, activationFlops: 0 };
  },
  // Only axes before the last: what a channel holds that is removed would be multiplied with the other operand.
  channels(n) {
    const { batch } = matmulGeometry(n);
    const { transposeA } = n.attributes;
    const rank = batch.length + 2;
    const out = concrete(n.outputs[0].shape);
    const spanOf = (i: number, axis: number): Span[] => {
      const at = axis - (rank - n.inputs[i].shape.length);
      const dim = n.inputs[i].shape[at];
      return at >= 0 && dim === n.outputs[0].shape[axis]
        ? [{ value: n.inputIds[i], axis: at, count: out[axis] }]
        : [];
    };
    const ties = batch.map((_, axis) => [
      { value: n.outputIds[0], axis, count: out[axis] },
      ...spanOf(0, axis),
      ...spanOf(1, axis),
    ]);
    const row = { value: n.outputIds[0], axis: rank - 2, count: out[rank - 2] };
    if (!transposeA) ties.push([row, ...spanOf(0, rank - 2)]);
    return { ties };
  },
  evaluate: (n, [a, b]) => [multiply(n, a, b)],
});

function multiply(n: InferView<BatchMatmulAttributes>, a: Tensor, b: Tensor): Tensor {
  const { rows, inner, columns, ...around } = matmulGeometry({ ...n, inputs: [a, b] });
  const [stepA, innerA] = n.attributes.transposeA ? [1, rows] : [inner, 1];
  const [stepB, innerB] = n.attributes.transposeB ? [inner, 1] : [1, columns];
  const x = a.data as Float32Array;
  const y = b.data as Float32Array;
  const [batch, batchA, batchB] = [around.batch, around.batchA, around.batchB].map((s) => concrete(s));
  const data = new Float32Array(sizeOf(batch) * rows * columns);
  forEachBroadcast(batch, batchA, batchB, (at, ia, ib) => {
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let k = 0; k < inner; k++)
          sum +=
            x[ia * rows * inner + row * stepA + k * innerA] *
            y[ib * inner * columns + column * stepB + k * innerB];
        data[(at * rows + row) * columns + column] = sum;
      }
  });
  return float32([...batch, rows, columns], data);
}
