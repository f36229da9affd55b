import { batchMatmul } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import { drawInput } from './convolution.js';
import { perTensor } from './draw.js';
import { extents, opModel, opSuite, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** BATCH_MATMUL of computed operands, and of a constant second one; axes around the matrices broadcast. */
export function batchMatmulSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('batch_matmul', dtype), seeds, (draw): OpCase => {
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
    const [qa, qb] = [drawInput(draw, dtype), drawInput(draw, dtype)];
    const natural = qa.scale[0] * qb.scale[0] * (dtype === 'int8' ? 40 : 2 ** 13) * Math.sqrt(inner);
    const output = perTensor(Math.max(natural * draw.gain(), 1e-12), dtype === 'int8' ? draw.zeroPoint() : 0);
    const constant = draw.oneIn(4) ? draw.stored(dtype, b, qb) : undefined;
    const inputs = [
      { shape: a, quantization: qa, dtype },
      ...(constant ? [] : [{ shape: b, quantization: qb, dtype }]),
    ];
    const model = opModel('batch_matmul', inputs, (builder, ids) => {
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
      inputs: [1, 2].map(() => inputs.map(({ shape }) => draw.stored(dtype, shape))),
    };
  });
}
