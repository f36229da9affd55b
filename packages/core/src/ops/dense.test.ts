import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import { viewNode } from '../op.js';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import { dense } from './dense.js';

const none = { activation: 'none' } as const;
const weight = float32([2, 3], [1, 2, 3, 10, 20, 30]);
const bias = float32([3], [0.5, -100, 0]);

describe('dense', () => {
  it('multiplies, adds the bias, clamps', () => {
    const x = float32([2, 2], [1, 2, -1, 0]);
    const run = (activation: 'none' | 'relu', ...rest: (typeof bias)[]) =>
      interpret(singleNodeModel(dense, { activation }, [x, weight, ...rest]), new Map()).get('y')!;
    expect(run('none')).toEqual(float32([2, 3], [21, 42, 63, -1, -2, -3]));
    expect(run('none', bias)).toEqual(float32([2, 3], [21.5, -58, 63, -0.5, -102, -3]));
    expect(run('relu', bias)).toEqual(float32([2, 3], [21.5, 0, 63, 0, 0, 0]));
  });

  it('works on the last axis of any rank', () => {
    const x = float32([1, 2, 2, 2], [1, 0, 0, 1, 1, 1, 2, 0]);
    const y = interpret(singleNodeModel(dense, none, [x, weight]), new Map()).get('y');
    expect(y).toEqual(float32([1, 2, 2, 3], [1, 2, 3, 10, 20, 30, 11, 22, 33, 2, 4, 6]));
  });

  it('counts a multiply-add for each weight and row', () => {
    const model = singleNodeModel(dense, { activation: 'relu6' }, [{ shape: ['batch', 5, 2] }, weight, bias]);
    expect(nodeCosts(model)[0]).toMatchObject({ macs: 30, flops: 75, activationFlops: 30 });
  });

  it('ties inputs to rows of the weight, outputs to columns and bias', () => {
    const model = singleNodeModel(dense, none, [{ shape: ['batch', 2] }, weight, bias]);
    expect(dense.channels(viewNode(model, model.nodes[0]) as never).ties.slice(1)).toEqual([
      [
        { value: 'x0', axis: 1, count: 2 },
        { value: 'x1', axis: 0, count: 2 },
      ],
      [
        { value: 'x1', axis: 1, count: 3 },
        { value: 'y', axis: 1, count: 3 },
        { value: 'x2', axis: 0, count: 3 },
      ],
    ]);
  });

  it.each([
    ['an input of rank 1', [{ shape: [2] }, weight]],
    ['an input of another length', [{ shape: ['batch', 3] as const }, weight]],
    ['a weight of rank 3', [{ shape: ['batch', 2] as const }, float32([1, 2, 3])]],
    ['a bias of another length', [{ shape: ['batch', 2] as const }, weight, float32([2])]],
  ])('refuses %s', (_, operands) => {
    expect(() => singleNodeModel(dense, none, operands)).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' }),
    );
  });

  it('refuses to go without a weight', () => {
    expect(() => singleNodeModel(dense, none, [{ shape: ['batch', 2] }])).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID' }),
    );
  });
});
