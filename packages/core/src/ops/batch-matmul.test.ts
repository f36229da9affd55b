import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { singleNodeModel } from '../single-node.js';
import { float32, permuteAxes } from '../tensor.js';
import { batchMatmul } from './batch-matmul.js';
import { counting, run, tiesOf } from './op-under-test.fixture.js';

const plain = { transposeA: false, transposeB: false };
const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' });

describe('batch_matmul', () => {
  it('multiplies matrices, transposed where told', () => {
    const a = counting(2, 3);
    const b = counting(3, 2);
    const expected = float32([2, 2], [22, 28, 49, 64]);
    expect(run(batchMatmul, plain, a, b)).toEqual(expected);
    const [at, bt] = [a, b].map((x) => permuteAxes(x, [1, 0]));
    expect(run(batchMatmul, { transposeA: true, transposeB: true }, at, bt)).toEqual(expected);
  });

  it('broadcasts the axes around them', () => {
    const y = run(batchMatmul, plain, counting(2, 1, 1, 2), counting(3, 2, 1));
    expect(y).toEqual(float32([2, 3, 1, 1], [5, 11, 17, 11, 25, 39]));
  });

  it('ties axes before the last, and counts its work', () => {
    const shapes = [{ shape: ['batch', 4, 5] as const }, { shape: ['batch', 5, 6] as const }];
    expect(tiesOf(batchMatmul, plain, ...shapes)).toEqual([
      ['y:0[0+1]', 'x0:0[0+1]', 'x1:0[0+1]'],
      ['y:1[0+4]', 'x0:1[0+4]'],
    ]);
    expect(nodeCosts(singleNodeModel(batchMatmul, plain, shapes))[0]).toMatchObject({
      macs: 120,
      flops: 240,
    });
  });

  it.each([
    [
      [4, 5],
      [4, 5],
    ],
    [[5], [5, 2]],
    [
      [2, 4, 5],
      [3, 5, 6],
    ],
    [
      ['batch', 5],
      [5, 6],
    ],
  ] as const)('refuses %j and %j', (a, b) => {
    expect(() => singleNodeModel(batchMatmul, plain, [{ shape: a }, { shape: b }])).toThrow(mismatch);
  });
});
