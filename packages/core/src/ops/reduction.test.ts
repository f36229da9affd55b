import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import { viewNode } from '../op.js';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { run } from './op-under-test.fixture.js';
import { mean, reduceMax, reduceMin, reduceProd, reduceSum, reductionOps } from './reduction.js';
import type { MeanAttributes } from './reduction.js';

describe('reductions', () => {
  const largest = (value: Tensor, attributes: MeanAttributes) =>
    interpret(singleNodeModel(reduceMax, attributes, [value]), new Map()).get('y');
  const x = float32([2, 2, 3], [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60]);
  const average = (attributes: MeanAttributes) =>
    interpret(singleNodeModel(mean, attributes, [x]), new Map()).get('y');

  it('averages whole axes, kept as extent 1 or not', () => {
    expect(average({ axes: [1], keepDims: false })).toEqual(float32([2, 3], [2.5, 3.5, 4.5, 25, 35, 45]));
    expect(average({ axes: [2], keepDims: true })).toEqual(float32([2, 2, 1], [2, 5, 20, 50]));
    expect(average({ axes: [2, 1], keepDims: false })).toEqual(float32([2], [3.5, 35]));
  });

  it('reduce_max takes the largest', () => {
    expect(largest(x, { axes: [1], keepDims: true })).toEqual(float32([2, 1, 3], [4, 5, 6, 40, 50, 60]));
    expect(largest(float32([1, 2], [-3, -2]), { axes: [1], keepDims: false })).toEqual(float32([1], [-2]));
  });

  it('sums, multiplies and takes the smallest', () => {
    const rows = { axes: [1], keepDims: false } as MeanAttributes;
    const of = (op: typeof mean) => run(op, rows, float32([1, 3], [-2, 3, 5])).data[0];
    expect([of(reduceSum), of(reduceProd), of(reduceMin)]).toEqual([6, -30, -2]);
  });

  it('know what equal elements become', () => {
    const ones = float32([1, 4], [3, 3, 3, 3]);
    for (const op of reductionOps)
      expect(run(op, { axes: [1], keepDims: false }, ones).data[0], op.name).toBe(op.reduceEqual(3, 4));
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
    expect(() => average({ axes: axes as [number, ...number[]], keepDims: true })).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' }),
    );
  });
});
