import { float32 } from '@whittle/core';
import type { Parameter } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { adam, decoupledWeightDecay, l1, sgd, softThreshold, weightDecay } from './index.js';
import type { Optimizer } from './index.js';

/** Runs an optimizer on one number with the gradient given at each step. */
function run(
  optimizer: Optimizer,
  start: number,
  gradients: readonly number[],
  learningRate: number,
): number[] {
  const values = Float32Array.of(start);
  const slots = optimizer.slots.map(() => new Float32Array(1));
  return gradients.map((g, i) => {
    optimizer.update({ values, gradient: Float32Array.of(g), slots, learningRate, step: i + 1 });
    return values[0];
  });
}

const close = (found: readonly number[], expected: readonly number[]) =>
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));

describe('optimizers', () => {
  test('plain SGD', () => close(run(sgd({ momentum: 0 }), 1, [1, 2], 0.1), [0.9, 0.7]));
  test('momentum', () => close(run(sgd({ momentum: 0.5 }), 1, [1, 1, 1], 0.1), [0.9, 0.75, 0.575]));
  test('Nesterov looks ahead', () =>
    close(run(sgd({ momentum: 0.5, nesterov: true }), 1, [1, 1], 0.1), [1 - 0.15, 1 - 0.15 - 0.1 * 1.75]));
  test("Adam's first step is the learning rate whatever the gradient's size", () => {
    close(run(adam(), 1, [1e-3], 0.01), [0.99]);
    close(run(adam(), 1, [-1e3], 0.01), [1.01]);
  });
  test('Adam, two steps by hand', () => {
    const [m, s] = [0.9 * 0.1 + 0.1 * 3, 0.999 * 0.001 + 0.001 * 9];
    const second = 0.99 - (0.01 * (m / (1 - 0.81))) / (Math.sqrt(s / (1 - 0.998001)) + 1e-8);
    close(run(adam(), 1, [1, 3], 0.01), [0.99, second]);
  });
  test('options out of range are refused', () => {
    for (const make of [
      () => sgd({ momentum: 1 }),
      () => sgd({ momentum: 0, nesterov: true }),
      () => adam({ beta1: -0.1 }),
      () => adam({ epsilon: 0 }),
    ])
      expect(make).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('penalties and proximal steps', () => {
  const weight: Parameter = { id: 'w', role: 'weight', trainable: true, tensor: float32([1]) };

  test('l1 gives lambda sign(w), nothing at 0', () => {
    const gradient = Float32Array.of(1, 1, 1);
    expect(l1(0.5).addGradient(Float32Array.of(2, -3, 0), gradient, 0.5, weight)).toBe(5);
    expect([...gradient]).toEqual([1.5, 0.5, 1]);
  });
  test('weight decay gives lambda w', () => {
    const gradient = Float32Array.of(1, 1);
    expect(weightDecay(0.5).addGradient(Float32Array.of(2, -4), gradient, 0.5, weight)).toBe(10);
    expect([...gradient]).toEqual([2, -1]);
  });
  test('the soft threshold shrinks towards zero and stops there', () => {
    const values = Float32Array.of(1, -1, 0.125, 0);
    softThreshold(2).apply(values, 0.125, weight);
    expect([...values].map((v) => v + 0)).toEqual([0.75, -0.75, 0, 0]);
  });
  test('decoupled weight decay', () => {
    const values = Float32Array.of(2, -4);
    decoupledWeightDecay(0.5).apply(values, 0.5, weight);
    expect([...values]).toEqual([1.5, -3]);
  });
});
