import { describe, expect, it } from 'vitest';
import { interpret } from '../interpreter.js';
import { loadModel, saveModel } from '../serialize.js';
import { singleNodeModel } from '../single-node.js';
import { float32, tensor } from '../tensor.js';
import { argMax, argMin } from './arg-extremum.js';
import { cast } from './cast.js';
import { cumsum } from './cumulative-sum.js';
import { gather } from './gather.js';
import { counting, run, tiesOf } from './op-under-test.fixture.js';
import { tile } from './tile.js';

const refusal = expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' });
const indices = (...values: number[]) => tensor('int32', [values.length], values);

describe('gather', () => {
  it('picks rows of a table, and entries along an inner axis', () => {
    const rows = run(gather, { axis: 0 }, counting(3, 2), tensor('int32', [2, 2], [2, 0, 1, 1]));
    expect([rows.shape, [...rows.data]]).toEqual([
      [2, 2, 2],
      [5, 6, 1, 2, 3, 4, 3, 4],
    ]);
    const columns = run(gather, { axis: 1 }, counting(2, 3), tensor('int64', [2], [2, 0]));
    expect([columns.shape, [...columns.data]]).toEqual([
      [2, 2],
      [3, 1, 6, 4],
    ]);
    const one = run(gather, { axis: 1 }, counting(2, 3), tensor('int32', [], [1]));
    expect([one.shape, [...one.data]]).toEqual([[2], [2, 5]]);
  });

  it('ties the other axes of its input: features of an embedding are channels', () => {
    const table = { shape: [9, 4] };
    expect(tiesOf(gather, { axis: 0 }, table, { shape: ['batch', 5], dtype: 'int32' })).toEqual([
      ['x0:1[0+4]', 'y:2[0+4]'],
    ]);
  });

  it('refuses indices beyond the entries or of another type, and two batches', () => {
    const model = singleNodeModel(gather, { axis: 0 }, [
      counting(3, 2),
      { shape: ['batch'], dtype: 'int32' },
    ]);
    for (const index of [3, -1])
      expect(() => interpret(model, new Map([['x1', indices(index)]]))).toThrow(refusal);
    const image = { shape: ['batch', 3] } as const;
    expect(() => singleNodeModel(gather, { axis: 0 }, [image, indices(0)])).toThrow(refusal);
    expect(() => singleNodeModel(gather, { axis: 2 }, [image, indices(0)])).toThrow(refusal);
    expect(() => singleNodeModel(gather, { axis: 1 }, [image, counting(2)])).toThrow(refusal);
    const fed = { shape: ['batch'], dtype: 'int32' } as const;
    expect(() => singleNodeModel(gather, { axis: 1 }, [image, fed])).toThrow(refusal);
  });

  it('is saved with its indices', () => {
    const model = singleNodeModel(gather, { axis: 1 }, [{ shape: ['batch', 3] }, indices(2, 0)]);
    expect(loadModel(saveModel(model))).toEqual(model);
  });
});

describe('tile, arg_max, arg_min, cumsum and cast', () => {
  it('tile repeats whole axes', () => {
    const y = run(tile, { multiples: [1, 2, 2] }, counting(1, 1, 2));
    expect([y.shape, [...y.data]]).toEqual([
      [1, 2, 4],
      [1, 2, 1, 2, 1, 2, 1, 2],
    ]);
    expect(() => singleNodeModel(tile, { multiples: [2, 1] }, [{ shape: ['batch', 3] }])).toThrow(refusal);
    expect(() => run(tile, { multiples: [2] }, counting(1, 3))).toThrow(refusal);
    expect(tiesOf(tile, { multiples: [1, 2, 1] }, { shape: ['batch', 3, 2] })).toEqual([
      ['x0:0[0+1]', 'y:0[0+1]'],
      ['x0:2[0+2]', 'y:2[0+2]'],
    ]);
  });

  it('arg_max and arg_min find the first of several', () => {
    const x = float32([2, 3], [1, 7, 7, -1, -5, -5]);
    expect(run(argMax, { axis: 1, dtype: 'int32' }, x)).toEqual(tensor('int32', [2], [1, 0]));
    expect(run(argMin, { axis: 1, dtype: 'int64' }, x)).toEqual(tensor('int64', [2], [0, 1]));
    const image = float32([1, 2, 2], [1, 4, 3, 2]);
    expect(run(argMax, { axis: 1, dtype: 'int32' }, image)).toEqual(tensor('int32', [1, 2], [1, 0]));
    expect(tiesOf(argMax, { axis: 1, dtype: 'int32' }, { shape: ['batch', 3, 2] })).toEqual([
      ['x0:0[0+1]', 'y:0[0+1]'],
    ]);
  });

  it('cumsum goes along an axis, from either end, with or without the element itself', () => {
    const x = counting(1, 3, 2);
    const of = (exclusive: boolean, reverse: boolean) => [
      ...run(cumsum, { axis: 1, exclusive, reverse }, x).data,
    ];
    expect(of(false, false)).toEqual([1, 2, 4, 6, 9, 12]);
    expect(of(true, false)).toEqual([0, 0, 1, 2, 4, 6]);
    expect(of(false, true)).toEqual([9, 12, 8, 10, 5, 6]);
    expect(of(true, true)).toEqual([8, 10, 5, 6, 0, 0]);
  });

  it('cast cuts fractions off', () => {
    const x = float32([1, 4], [1.9, -1.9, 0, 0.5]);
    expect(run(cast, { dtype: 'int32' }, x)).toEqual(tensor('int32', [1, 4], [1, -1, 0, 0]));
    expect(run(cast, { dtype: 'int64' }, x)).toEqual(tensor('int64', [1, 4], [1, -1, 0, 0]));
    expect(run(cast, { dtype: 'bool' }, x)).toEqual(tensor('bool', [1, 4], [1, 1, 0, 1]));
    expect(run(cast, { dtype: 'float32' }, tensor('int32', [1, 1], [7]))).toEqual(float32([1, 1], [7]));
  });
});
