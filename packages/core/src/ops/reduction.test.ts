import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import { viewNode } from '../op.js';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { mean, reduceMax } from './reduction.js';
import type { MeanAttributes } from './reduction.js';

describe('mean and reduce_max', () => {
  const largest = (value: Tensor, attributes: MeanAttributes) =>
    interpret(singleNodeModel(reduceMax, attributes, [value]), new Map()).get('y');
  const x = float32([2, 2, 3], [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60]);
  const run = (attributes: MeanAttributes) =>
    interpret(singleNodeModel(mean, attributes, [x]), new Map()).get('y');

  it('averages whole axes, kept as extent 1 or not', () => {
    expect(run({ axes: [1], keepDims: false })).toEqual(float32([2, 3], [2.5, 3.5, 4.5, 25, 35, 45]));
    expect(run({ axes: [2], keepDims: true })).toEqual(float32([2, 2, 1], [2, 5, 20, 50]));
    expect(run({ axes: [2, 1], keepDims: false })).toEqual(float32([2], [3.5, 35]));
  });

  it('reduce_max takes the largest', () => {
    expect(largest(x, { axes: [1], keepDims: true })).toEqual(float32([2, 1, 3], [4, 5, 6, 40, 50, 60]));
    expect(largest(float32([1, 2], [-3, -2]), { axes: [1], keepDims: false })).toEqual(float32([1], [-2]));
  });

  it('ties the axes that stay', () => {
    const model = singleNodeModel(mean, { axes: [1, 2], keepDims: false }, [{ shape: ['batch', 4, 4, 8] }]);
    expect(model.values.get('y')?.shape).toEqual(['batch', 8]);
    expect(mean.channels(viewNode(model, model.nodes[0]) as never).ties[1]).toEqual([
      { value: 'x0', axis: 3, count: 8 },
      { value: 'y', axis: 1, count: 8 },
    ]);
    expect(nodeCosts(model)[0]).toMatchObject({ macs: 0, flops: 0, activationFlops: 128 });
  });

  it.each([[[0]], [[3]], [[1, 1]]])('refuses axes %j', (axes) => {
    expect(() => run({ axes: axes as [number, ...number[]], keepDims: true })).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' }),
    );
  });
});
