import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import { viewNode } from '../op.js';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import { averagePool2d, maxPool2d } from './pooling.js';
import type { PoolAttributes } from './pooling.js';

const square: PoolAttributes = { size: [2, 2], strides: [2, 2], padding: 'valid', activation: 'none' };
const image = float32([1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);

function pool(op: typeof maxPool2d, attributes: Partial<PoolAttributes>, x = image): number[] {
  const model = singleNodeModel(op, { ...square, ...attributes }, [x]);
  return Array.from(interpret(model, new Map()).get('y')!.data as Float32Array);
}

describe('pooling', () => {
  it('takes maximum or mean of each window', () => {
    expect(pool(maxPool2d, {})).toEqual([5]);
    expect(pool(averagePool2d, {})).toEqual([3]);
    expect(pool(maxPool2d, { strides: [1, 1] })).toEqual([5, 6, 8, 9]);
    expect(pool(averagePool2d, { size: [3, 1], strides: [1, 2] })).toEqual([4, 6]);
  });

  it('leaves out what lies beyond the image', () => {
    expect(pool(averagePool2d, { padding: 'same' })).toEqual([3, 4.5, 7.5, 9]);
    const negative = float32([1, 3, 3, 1], [-1, -2, -3, -4, -5, -6, -7, -8, -9]);
    expect(pool(maxPool2d, { padding: 'same' }, negative)).toEqual([-1, -3, -7, -9]);
    const padding = { top: 1, bottom: 0, left: 1, right: 0 };
    expect(pool(averagePool2d, { padding })).toEqual([1, 2.5, 5.5, 7]);
    expect(pool(maxPool2d, { padding })).toEqual([1, 3, 7, 9]);
  });

  it('keeps channels and examples apart, and clamps', () => {
    const x = float32([2, 1, 2, 2], [1, 10, 3, 20, -5, 50, -7, 70]);
    expect(pool(maxPool2d, { size: [1, 2] }, x)).toEqual([3, 20, -5, 70]);
    expect(pool(averagePool2d, { size: [1, 2], activation: 'relu6' }, x)).toEqual([2, 6, 0, 6]);
  });

  it('has no multiply-adds, and ties channels alone', () => {
    const model = singleNodeModel(maxPool2d, { ...square, activation: 'relu' }, [
      { shape: ['batch', 7, 6, 5] },
    ]);
    expect(model.values.get('y')?.shape).toEqual(['batch', 3, 3, 5]);
    expect(nodeCosts(model)[0]).toMatchObject({ macs: 0, flops: 0, activationFlops: 45 * 5 });
    expect(maxPool2d.channels(viewNode(model, model.nodes[0]) as never).ties).toEqual([
      [
        { value: 'x0', axis: 3, count: 5 },
        { value: 'y', axis: 3, count: 5 },
      ],
    ]);
  });

  it.each<[string, Partial<PoolAttributes>]>([
    ['a window larger than the image', { size: [4, 1] }],
    ['a first window in the padding alone', { padding: { top: 2, bottom: 0, left: 0, right: 0 } }],
    ['a last window in the padding alone', { padding: { top: 0, bottom: 0, left: 0, right: 3 } }],
  ])('refuses %s', (_, attributes) => {
    expect(() => pool(averagePool2d, attributes)).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' }),
    );
  });

  it('refuses what is no image', () => {
    expect(() => singleNodeModel(maxPool2d, square, [{ shape: ['batch', 4, 4] }])).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
  });
});
