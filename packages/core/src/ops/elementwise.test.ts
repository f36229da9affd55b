import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import type { Dim } from '../model.js';
import { viewNode } from '../op.js';
import { singleNodeModel } from '../single-node.js';
import { float32, tensor } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { add, div, maximum, minimum, mul, sub } from './elementwise.js';
import type { BinaryAttributes, BinaryOp } from './elementwise.js';

function run(op: BinaryOp, a: Tensor, b: Tensor, activation: BinaryAttributes['activation'] = 'none') {
  return interpret(singleNodeModel(op, { activation }, [a, b]), new Map()).get('y')!;
}

describe('element-wise ops of two operands', () => {
  const a = float32([4], [1, -2, 3, 8]);
  const b = float32([4], [4, -5, 0.5, 1]);

  it.each([
    ['add', add, [5, -7, 3.5, 9]],
    ['sub', sub, [-3, 3, 2.5, 7]],
    ['mul', mul, [4, 10, 1.5, 8]],
    ['maximum', maximum, [4, -2, 3, 8]],
    ['minimum', minimum, [1, -5, 0.5, 1]],
  ] as const)('%s', (_, op, expected) => {
    expect(run(op, a, b)).toEqual(float32([4], expected));
  });

  it('compute integers as such: beyond 2^24 too, and with the fractions of quotients cut off', () => {
    const large = tensor('int32', [3], [16777217, -7, 43844]);
    expect(run(add, large, tensor('int32', [], [1]))).toEqual(tensor('int32', [3], [16777218, -6, 43845]));
    expect(run(div, large, tensor('int32', [], [2]))).toEqual(tensor('int32', [3], [8388608, -3, 21922]));
    const wide = tensor('int64', [1], [2 ** 40 + 1]);
    expect(run(mul, wide, tensor('int64', [], [3]), 'relu')).toEqual(tensor('int64', [1], [3 * 2 ** 40 + 3]));
  });

  it('clamp the result', () => {
    expect(run(add, a, b, 'relu6')).toEqual(float32([4], [5, 0, 3.5, 6]));
    expect(run(mul, a, b, 'relu_n1_to_1')).toEqual(float32([4], [1, 1, 1, 1]));
  });

  it('broadcast axes of extent 1, on either side, and axes that are missing', () => {
    const column = float32([2, 1], [10, 20]);
    const row = float32([3], [1, 2, 3]);
    expect(run(add, column, row)).toEqual(float32([2, 3], [11, 12, 13, 21, 22, 23]));
    expect(run(sub, row, column)).toEqual(float32([2, 3], [-9, -8, -7, -19, -18, -17]));
    const cube = float32([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    const middle = float32([1, 2, 1], [100, 200]);
    expect(run(add, cube, middle)).toEqual(float32([2, 2, 2], [101, 102, 203, 204, 105, 106, 207, 208]));
    expect(run(mul, cube, float32([], [2]))).toEqual(float32([2, 2, 2], [2, 4, 6, 8, 10, 12, 14, 16]));
  });

  it('infer broadcast shapes with a batch', () => {
    const shape = (x: readonly Dim[], y: readonly Dim[]) =>
      singleNodeModel(add, { activation: 'none' }, [{ shape: x }, { shape: y }]).values.get('y')?.shape;
    expect(shape(['batch', 1, 3], [4, 1])).toEqual(['batch', 4, 3]);
    expect(shape([1], ['batch', 2])).toEqual(['batch', 2]);
  });

  it('refuse shapes that do not broadcast, and dtypes that differ', () => {
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' });
    const x = { shape: ['batch', 3] } as const;
    for (const y of [float32([2]), float32([2, 3]), tensor('int32', [3])])
      expect(() => singleNodeModel(add, { activation: 'none' }, [x, y])).toThrow(mismatch);
  });

  it('count an operation an element, and two for each clamp of two bounds', () => {
    const model = singleNodeModel(add, { activation: 'relu6' }, [{ shape: ['batch', 2, 3] }, float32([3])]);
    expect(nodeCosts(model)[0]).toMatchObject({ macs: 0, flops: 6, activationFlops: 12 });
  });

  it('tie channels of both operands, but for those that are broadcast', () => {
    const model = singleNodeModel(mul, { activation: 'none' }, [
      { shape: ['batch', 2, 3] },
      { shape: [1, 3] },
    ]);
    expect(mul.channels(viewNode(model, model.nodes[0]) as never).ties).toEqual([
      [
        { value: 'y', axis: 0, count: 1 },
        { value: 'x0', axis: 0, count: 1 },
      ],
      [
        { value: 'y', axis: 1, count: 2 },
        { value: 'x0', axis: 1, count: 2 },
      ],
      [
        { value: 'y', axis: 2, count: 3 },
        { value: 'x0', axis: 2, count: 3 },
        { value: 'x1', axis: 1, count: 3 },
      ],
    ]);
  });
});
