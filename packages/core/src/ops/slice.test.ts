import { describe, expect, it } from 'vitest';
import { ModelBuilder } from '../builder.js';
import { interpret } from '../interpreter.js';
import { viewNode } from '../op.js';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import { counting, run, tiesIn, tiesOf } from './op-under-test.fixture.js';
import { isSelectionOp } from './selection.js';
import { slice, split } from './slice.js';

const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' });
const range = (axis: number, start: number, size: number, step = 1) => ({ axis, start, size, step });

describe('slice', () => {
  it('picks indices of some axes, also backwards', () => {
    const x = counting(2, 3, 4);
    expect(run(slice, { ranges: [range(1, 1, 2), range(2, 3, 2, -2)] }, x)).toEqual(
      float32([2, 2, 2], [8, 6, 12, 10, 20, 18, 24, 22]),
    );
    expect(run(slice, { ranges: [] }, x)).toEqual(x);
    expect(isSelectionOp(slice)).toBe(true);
  });

  it('keeps the batch, and ties the axes that it leaves whole', () => {
    const x = { shape: ['batch', 6, 4] } as const;
    expect(singleNodeModel(slice, { ranges: [range(1, 5, 3, -2)] }, [x]).values.get('y')!.shape).toEqual([
      'batch',
      3,
      4,
    ]);
    expect(tiesOf(slice, { ranges: [range(1, 0, 3)] }, x)).toEqual([
      ['x0:0[0+1]', 'y:0[0+1]'],
      ['x0:2[0+4]', 'y:2[0+4]'],
    ]);
  });

  it.each([
    [range(0, 0, 1)],
    [range(3, 0, 1)],
    [range(1, 4, 3)],
    [range(1, 6, 1)],
    [range(1, 1, 3, -1)],
    [range(1, 0, 2, 0)],
    [range(1, 0, 2), range(1, 1, 2)],
  ])('refuses %j %j', (...ranges) => {
    expect(() => singleNodeModel(slice, { ranges }, [{ shape: ['batch', 6, 4] }])).toThrow(mismatch);
  });
});

describe('split', () => {
  const build = (
    sizes: [number, ...number[]],
    axis = 2,
    shape: readonly (number | 'batch')[] = ['batch', 2, 5],
  ) => {
    const b = new ModelBuilder('split');
    const ids = sizes.map((_, i) => (i === 0 ? 'y' : `y${i}`));
    b.results(ids, split, { axis, sizes }, [b.input('x', shape)]).forEach((id) => b.output(id));
    return b.finish();
  };

  it('cuts an axis into parts', () => {
    const results = interpret(build([1, 3, 1]), new Map([['x', counting(1, 2, 5)]]));
    expect(results.get('y')).toEqual(float32([1, 2, 1], [1, 6]));
    expect(results.get('y1')).toEqual(float32([1, 2, 3], [2, 3, 4, 7, 8, 9]));
    expect(results.get('y2')).toEqual(float32([1, 2, 1], [5, 10]));
  });

  it('ties each part with its channels, and takes its sizes from the new types when channels go', () => {
    const model = build([2, 3]);
    expect(tiesIn(model)).toEqual([
      ['x:0[0+1]', 'y:0[0+1]', 'y1:0[0+1]'],
      ['x:1[0+2]', 'y:1[0+2]', 'y1:1[0+2]'],
      ['x:2[0+2]', 'y:2[0+2]'],
      ['x:2[2+3]', 'y1:2[0+3]'],
    ]);
    const view = viewNode(model, model.nodes[0]);
    const outputs = [1, 3].map((size) => ({ dtype: 'float32' as const, shape: ['batch' as const, 2, size] }));
    expect(split.resize?.({ ...view, outputs } as never)).toEqual({ axis: 2, sizes: [1, 3] });
  });

  it('refuses sizes that do not make up the axis', () => {
    expect(() => build([2, 2])).toThrow(mismatch);
    expect(() => build([5], 3)).toThrow(mismatch);
  });
});
