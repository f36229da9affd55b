import { batchMatmul } from '@whittle/core';
import type { Suite } from '../suite.js';
import { perTensor } from './draw.js';
import { extents, int8Model, opSuite } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** BATCH_MATMUL of computed operands, and of a constant second one; axes around the matrices broadcast. */
export function batchMatmulSuite(seeds: readonly number[]): Suite {
  return opSuite('batch_matmul', seeds, (draw): OpCase => {
    const [rows, inner, columns] = [draw.between(1, 9), draw.between(1, 17), draw.between(1, 9)];
    const batch = [1, ...Array.from({ length: draw.between(0, 2) }, () => draw.between(1, 4))];
    const [aBatch, bBatch] = draw.pick<readonly [number[], number[]]>(
      [batch, batch],
      [batch, batch.map(() => 1)],
      [batch.map(() => 1), batch],
    );
    const [transposeA, transposeB] = [draw.oneIn(3), draw.oneIn(2)];
    const a = [...aBatch, ...(transposeA ? [inner, rows] : [rows, inner])];
    const b = [...bBatch, ...(transposeB ? [columns, inner] : [inner, columns])];
    const [qa, qb] = [draw.quantization(), draw.quantization()];
    const natural = qa.scale[0] * qb.scale[0] * 40 * Math.sqrt(inner);
    const output = perTensor(Math.max(natural * draw.gain(), 1e-12), draw.zeroPoint());
    const constant = draw.oneIn(4) ? draw.int8(b, qb) : undefined;
    const inputs = [{ shape: a, quantization: qa }, ...(constant ? [] : [{ shape: b, quantization: qb }])];
    const model = int8Model('batch_matmul', inputs, (builder, ids) => {
      const operands = [...ids, ...(constant ? [builder.parameter('b', constant, 'weight')] : [])];
      return builder.node('output', batchMatmul, { transposeA, transposeB }, operands, {
        quantization: [output],
      });
    });
    const name = (shape: readonly number[], transposed: boolean) =>
      `${extents(shape)}${transposed ? "'" : ''}`;
    return {
      label: `${name(a, transposeA)} by ${constant ? 'constant ' : ''}${name(b, transposeB)}`,
      model,
      inputs: [1, 2].map(() => inputs.map(({ shape }) => draw.int8(shape))),
    };
  });
}
