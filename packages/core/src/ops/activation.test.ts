import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import { viewNode } from '../op.js';
import type { OpDefinition } from '../op.js';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import { activationOps, elu, hardSwish, leakyRelu, relu, relu6, sigmoid, swish, tanh } from './activation.js';

const x = float32([7], [-4, -3, -1, 0, 1, 3, 8]);

function run<A>(op: OpDefinition<A>, attributes: A): number[] {
  const y = interpret(singleNodeModel(op, attributes, [x]), new Map()).get('y')!;
  return Array.from(y.data as Float32Array);
}

describe('activations', () => {
  it('clamp', () => {
    expect(run(relu, {})).toEqual([0, 0, 0, 0, 1, 3, 8]);
    expect(run(relu6, {})).toEqual([0, 0, 0, 0, 1, 3, 6]);
    expect(run(leakyRelu, { alpha: 0.25 })).toEqual([-1, -0.75, -0.25, 0, 1, 3, 8]);
  });

  it('are what their papers say', () => {
    const near = (found: number[], expected: number[]) =>
      expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 6));
    near(run(sigmoid, {}), [0.01798621, 0.04742587, 0.26894142, 0.5, 0.73105858, 0.95257413, 0.99966465]);
    near(run(tanh, {}), [-0.9993293, -0.99505475, -0.76159416, 0, 0.76159416, 0.99505475, 0.99999977]);
    near(run(elu, {}), [-0.98168436, -0.95021293, -0.63212056, 0, 1, 3, 8]);
    near(run(swish, {}), [-0.07194484, -0.14227761, -0.26894142, 0, 0.73105858, 2.8577224, 7.9973171]);
    near(run(hardSwish, {}), [0, 0, -1 / 3, 0, 2 / 3, 3, 8]);
  });

  it('stay finite far out', () => {
    const far = float32([2], [-1e4, 1e4]);
    for (const op of [sigmoid, tanh, elu, hardSwish]) {
      const y = interpret(singleNodeModel<object>(op, {}, [far]), new Map()).get('y')!;
      expect(Array.from(y.data as Float32Array).every(Number.isFinite), op.name).toBe(true);
    }
  });

  it('keep shape, tie every axis and count as activation operations', () => {
    for (const op of activationOps) {
      const attributes = op === leakyRelu ? { alpha: 0.1 } : {};
      const model = singleNodeModel(op as OpDefinition, attributes, [{ shape: ['batch', 2, 3] }]);
      expect(model.values.get('y')?.shape).toEqual(['batch', 2, 3]);
      const cost = nodeCosts(model)[0];
      expect([cost.macs, cost.flops, cost.activationFlops % 6]).toEqual([0, 0, 0]);
      expect(cost.activationFlops).toBeGreaterThan(0);
      const { ties } = op.channels(viewNode(model, model.nodes[0]) as never);
      expect(ties.map((tie) => tie.map((span) => `${span.value}:${span.axis}`))).toEqual([
        ['y:0', 'x0:0'],
        ['y:1', 'x0:1'],
        ['y:2', 'x0:2'],
      ]);
    }
  });

  it('refuse a slope above 1', () => {
    expect(() => singleNodeModel(leakyRelu, { alpha: 1.5 }, [x])).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
