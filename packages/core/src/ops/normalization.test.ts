import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import { viewNode } from '../op.js';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import { batchNorm, softmax } from './normalization.js';

describe('batchNorm', () => {
  const scale = float32([2], [2, 1]);
  const offset = float32([2], [1, 0]);
  const mean = float32([2], [3, -1]);
  const variance = float32([2], [3.75, 0.75]);
  const epsilon = 0.25;

  it('normalizes the last axis', () => {
    const x = float32([1, 2, 2], [3, -1, 5, 1]);
    const model = singleNodeModel(batchNorm, { epsilon }, [x, scale, offset, mean, variance]);
    expect(interpret(model, new Map()).get('y')).toEqual(float32([1, 2, 2], [1, 0, 3, 2]));
  });

  it('counts a multiplication and an addition, and ties all of its operands', () => {
    const model = singleNodeModel(batchNorm, { epsilon }, [
      { shape: ['batch', 3, 2] },
      scale,
      offset,
      mean,
      variance,
    ]);
    expect(nodeCosts(model)[0]).toMatchObject({ macs: 0, flops: 12, activationFlops: 0 });
    const { ties } = batchNorm.channels(viewNode(model, model.nodes[0]) as never);
    expect(ties[2]).toEqual([
      { value: 'y', axis: 2, count: 2 },
      { value: 'x0', axis: 2, count: 2 },
      ...['x1', 'x2', 'x3', 'x4'].map((value) => ({ value, axis: 0, count: 2 })),
    ]);
  });

  it('refuses parameters that do not fit, and an epsilon of 0', () => {
    const x = { shape: ['batch', 2] } as const;
    expect(() => singleNodeModel(batchNorm, { epsilon }, [x, scale, offset, mean, float32([3])])).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', message: expect.stringContaining('operand 4') }),
    );
    expect(() => singleNodeModel(batchNorm, { epsilon: 0 }, [x, scale, offset, mean, variance])).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});

describe('softmax', () => {
  const run = (beta: number, values: readonly number[]) => {
    const model = singleNodeModel(softmax, { beta }, [float32([values.length / 2, 2], values)]);
    return Array.from(interpret(model, new Map()).get('y')!.data as Float32Array);
  };

  it('normalizes each row', () => {
    const [a, b, c, d] = run(1, [0, Math.log(3), 5, 5]);
    expect([a, b, c, d].map((v) => Number(v.toFixed(6)))).toEqual([0.25, 0.75, 0.5, 0.5]);
    expect(run(2, [0, Math.log(3)])[1]).toBeCloseTo(0.9, 6);
  });

  it('stands large values', () => {
    expect(run(1, [1e30, 0, -1e30, -1e30])).toEqual([1, 0, 0.5, 0.5]);
  });

  it('pins its classes: only the other axes are tied', () => {
    const model = singleNodeModel(softmax, { beta: 1 }, [{ shape: ['batch', 4, 10] }]);
    const { ties } = softmax.channels(viewNode(model, model.nodes[0]) as never);
    expect(ties.map((tie) => tie[0].axis)).toEqual([0, 1]);
    expect(nodeCosts(model)[0]).toMatchObject({ macs: 0, flops: 0, activationFlops: 160 });
  });
});
