import { describe, expect, it } from 'vitest';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import { counting, run, tiesOf } from './op-under-test.fixture.js';
import { depthToSpace, spaceToDepth, transpose } from './permute.js';

const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' });

describe('transpose', () => {
  it('brings axes into another order', () => {
    expect(run(transpose, { permutation: [0, 2, 1] }, counting(1, 2, 3))).toEqual(
      float32([1, 3, 2], [1, 4, 2, 5, 3, 6]),
    );
  });

  it('ties axes with what becomes of them', () => {
    const x = { shape: ['batch', 2, 3, 4] } as const;
    expect(tiesOf(transpose, { permutation: [0, 2, 1, 3] }, x)).toEqual([
      ['x0:0[0+1]', 'y:0[0+1]'],
      ['x0:2[0+3]', 'y:1[0+3]'],
      ['x0:1[0+2]', 'y:2[0+2]'],
      ['x0:3[0+4]', 'y:3[0+4]'],
    ]);
    expect(tiesOf(transpose, { permutation: [0, 3, 2, 1] }, x)).toEqual([
      ['x0:0[0+1]', 'y:0[0+1]'],
      ['x0:3[0+4]', 'y:1[0+4]'],
      ['x0:2[0+3]', 'y:2[0+3]'],
      ['x0:1[0+2]', 'y:3[0+2]'],
    ]);
  });

  it.each([[[1, 0, 2]], [[0, 1]], [[0, 1, 1]], [[0, 1, 3]]])('refuses %j', (permutation) => {
    expect(() =>
      singleNodeModel(transpose, { permutation: permutation as [number, ...number[]] }, [
        { shape: ['batch', 2, 3] },
      ]),
    ).toThrow(mismatch);
  });
});

describe('depth_to_space and space_to_depth', () => {
  it('exchange channels with pixels', () => {
    const deep = counting(1, 1, 2, 8);
    const wide = run(depthToSpace, { blockSize: 2 }, deep);
    expect(wide).toEqual(float32([1, 2, 4, 2], [1, 2, 3, 4, 9, 10, 11, 12, 5, 6, 7, 8, 13, 14, 15, 16]));
    expect(run(spaceToDepth, { blockSize: 2 }, wide)).toEqual(deep);
  });

  it('tie a channel with all its pixels', () => {
    expect(tiesOf(depthToSpace, { blockSize: 2 }, { shape: ['batch', 3, 3, 12] })).toEqual([
      ['x0:3[0+3] tile 4', 'y:3[0+3]'],
    ]);
    expect(tiesOf(spaceToDepth, { blockSize: 3 }, { shape: ['batch', 3, 3, 2] })).toEqual([
      ['x0:3[0+2]', 'y:3[0+2] tile 9'],
    ]);
  });

  it('refuse what does not divide into blocks', () => {
    expect(() => singleNodeModel(depthToSpace, { blockSize: 2 }, [{ shape: ['batch', 3, 3, 6] }])).toThrow(
      mismatch,
    );
    expect(() => singleNodeModel(spaceToDepth, { blockSize: 2 }, [{ shape: ['batch', 4, 3, 6] }])).toThrow(
      mismatch,
    );
    expect(() => singleNodeModel(spaceToDepth, { blockSize: 2 }, [{ shape: ['batch', 4, 4] }])).toThrow(
      mismatch,
    );
  });
});
