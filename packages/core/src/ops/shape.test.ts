import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import type { Dim } from '../model.js';
import { viewNode } from '../op.js';
import type { OpDefinition } from '../op.js';
import { singleNodeModel } from '../single-node.js';
import type { SingleNodeOperand } from '../single-node.js';
import { float32, tensor } from '../tensor.js';
import { choicesOf, counting, run, tiesOf } from './op-under-test.fixture.js';
import { concat, flatten, pad, reshape, shapeOps } from './shape.js';

const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' });

describe('flatten', () => {
  it('keeps the batch and the order', () => {
    expect(run(flatten, {}, counting(2, 2, 3))).toEqual({ ...counting(2, 6) });
    expect(tiesOf(flatten, {}, { shape: ['batch', 4, 5, 8] })).toEqual([['x0:3[0+8]', 'y:1[0+8] tile 20']]);
    expect(() => singleNodeModel(flatten, {}, [{ shape: ['batch'] }])).toThrow(mismatch);
  });
});

describe('reshape', () => {
  it('keeps the order, at any batch size', () => {
    const model = singleNodeModel(reshape, { shape: ['batch', 6] }, [{ shape: ['batch', 2, 3] }]);
    const x = counting(4, 2, 3);
    expect(interpret(model, new Map([['x0', x]])).get('y')).toEqual({ ...x, shape: [4, 6] });
    expect(run(reshape, { shape: [3, 1, 4] }, counting(2, 6))).toEqual(counting(3, 1, 4));
  });

  it.each<[Dim[], Dim[], string[][], string[][][]]>([
    [
      ['batch', 4, 6],
      ['batch', 24],
      [['x0:0[0+1]', 'y:0[0+1]']],
      [
        [
          ['x0:1[0+4]', 'y:1[0+4] each 6'],
          ['x0:2[0+6]', 'y:1[0+6] tile 4'],
        ],
      ],
    ],
    [
      ['batch', 24],
      ['batch', 4, 6],
      [['x0:0[0+1]', 'y:0[0+1]']],
      [
        [
          ['x0:1[0+4] each 6', 'y:1[0+4]'],
          ['x0:1[0+6] tile 4', 'y:2[0+6]'],
        ],
      ],
    ],
    [
      ['batch', 1, 1, 8],
      ['batch', 8],
      [
        ['x0:0[0+1]', 'y:0[0+1]'],
        ['x0:3[0+8]', 'y:1[0+8]'],
      ],
      [],
    ],
    [['batch', 4, 6], ['batch', 6, 4], [['x0:0[0+1]', 'y:0[0+1]']], []],
    [
      ['batch', 4, 6],
      ['batch', 2, 2, 6],
      [
        ['x0:0[0+1]', 'y:0[0+1]'],
        ['x0:2[0+6]', 'y:3[0+6]'],
      ],
      [
        [
          ['x0:1[0+2] each 2', 'y:1[0+2]'],
          ['x0:1[0+2] tile 2', 'y:2[0+2]'],
        ],
      ],
    ],
  ])('from %j to %j ties what keeps its meaning', (from, to, ties, choices) => {
    expect(tiesOf(reshape, { shape: to }, { shape: from })).toEqual(ties);
    expect(choicesOf(reshape, { shape: to }, { shape: from })).toEqual(choices);
  });

  it('takes its extents from the new types when channels go', () => {
    const model = singleNodeModel(reshape, { shape: ['batch', 5] }, [{ shape: ['batch', 1, 5] }]);
    expect(reshape.resize?.(viewNode(model, model.nodes[0]) as never)).toEqual({ shape: ['batch', 5] });
  });

  it.each<[Dim[], Dim[]]>([
    [
      ['batch', 6],
      ['batch', 7],
    ],
    [['batch', 6], [6]],
    [
      ['batch', 6],
      [6, 'batch'],
    ],
    [
      ['batch', 6],
      ['batch', 6, 'batch'],
    ],
  ])('refuses %j to %j', (from, to) => {
    expect(() => singleNodeModel(reshape, { shape: to }, [{ shape: from }])).toThrow(mismatch);
  });
});

describe('concat', () => {
  it('joins along an axis', () => {
    const a = float32([2, 1, 2], [1, 2, 3, 4]);
    const b = float32([2, 2, 2], [10, 20, 30, 40, 50, 60, 70, 80]);
    expect(run(concat, { axis: 1 }, a, b)).toEqual(
      float32([2, 3, 2], [1, 2, 10, 20, 30, 40, 3, 4, 50, 60, 70, 80]),
    );
    expect(run(concat, { axis: 2 }, a, a)).toEqual(float32([2, 1, 4], [1, 2, 1, 2, 3, 4, 3, 4]));
  });

  it('keeps integers as they are', () => {
    const a = tensor('int64', [1, 1], [2]);
    expect(run(concat, { axis: 1 }, a, a)).toEqual(tensor('int64', [1, 2], [2, 2]));
  });

  it('ties each operand to its part', () => {
    expect(tiesOf(concat, { axis: 2 }, { shape: ['batch', 4, 3] }, { shape: ['batch', 4, 5] })).toEqual([
      ['x0:0[0+1]', 'x1:0[0+1]', 'y:0[0+1]'],
      ['x0:1[0+4]', 'x1:1[0+4]', 'y:1[0+4]'],
      ['x0:2[0+3]', 'y:2[0+3]'],
      ['x1:2[0+5]', 'y:2[3+5]'],
    ]);
  });

  it.each<[string, number, SingleNodeOperand[]]>([
    ['other extents that differ', 1, [{ shape: ['batch', 2, 3] }, { shape: ['batch', 2, 4] }]],
    ['ranks that differ', 1, [{ shape: ['batch', 2] }, { shape: ['batch', 2, 1] }]],
    ['dtypes that differ', 1, [{ shape: ['batch', 2] }, { dtype: 'int8', shape: ['batch', 2] }]],
    ['an axis that is not there', 2, [{ shape: ['batch', 2] }]],
  ])('refuses %s', (_, axis, operands) => {
    expect(() => singleNodeModel(concat, { axis }, operands)).toThrow(mismatch);
  });
});

describe('pad', () => {
  it('surrounds with a constant', () => {
    const paddings: [number, number][] = [
      [0, 0],
      [1, 0],
      [0, 2],
    ];
    expect(run(pad, { paddings, value: 9 }, counting(1, 2, 2))).toEqual(
      float32([1, 3, 4], [9, 9, 9, 9, 1, 2, 9, 9, 3, 4, 9, 9]),
    );
  });

  it('pads 64-bit integers too', () => {
    const paddings: [number, number][] = [[0, 1]];
    expect(run(pad, { paddings, value: 3 }, tensor('int64', [1], [5]))).toEqual(tensor('int64', [2], [5, 3]));
  });

  it('ties the axes that it leaves alone', () => {
    const paddings: [number, number][] = [
      [0, 0],
      [1, 1],
      [0, 0],
    ];
    expect(tiesOf(pad, { paddings, value: 0 }, { shape: ['batch', 4, 3] })).toEqual([
      ['x0:0[0+1]', 'y:0[0+1]'],
      ['x0:2[0+3]', 'y:2[0+3]'],
    ]);
  });

  it('refuses paddings that do not fit, and to pad the batch', () => {
    const x = { shape: ['batch', 4] } as const;
    for (const paddings of [
      [[0, 0]],
      [
        [1, 0],
        [0, 0],
      ],
    ] as [number, number][][])
      expect(() => singleNodeModel(pad, { paddings, value: 0 }, [x])).toThrow(mismatch);
  });
});

it('ops that only move data cost nothing', () => {
  const attributes = [
    {},
    { shape: ['batch', 6] },
    { axis: 1 },
    {
      paddings: [
        [0, 0],
        [1, 1],
        [0, 0],
      ],
      value: 0,
    },
  ];
  shapeOps.forEach((op, i) => {
    const model = singleNodeModel<object>(op as OpDefinition, attributes[i], [{ shape: ['batch', 2, 3] }]);
    expect(nodeCosts(model)[0]).toMatchObject({ macs: 0, flops: 0, activationFlops: 0 });
  });
});
