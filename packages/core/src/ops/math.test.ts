import { describe, expect, it } from 'vitest';
import type { OpDefinition } from '../op.js';
import { float32 } from '../tensor.js';
import { div, floorMod, pow, squaredDifference } from './elementwise.js';
import { ceil, erf, erfOf, exp, floor, log, neg, round, rsqrt, sign, sqrt, square } from './math.js';
import { run } from './op-under-test.fixture.js';
import { hardSigmoid, thresholdedRelu } from './piecewise-activation.js';
import { celu, gelu, mish, scaledElu, SELU, softplus, softsign } from './smooth-activation.js';

const of = <A>(op: OpDefinition<A>, attributes: A, ...values: number[]) =>
  Array.from(run(op, attributes, float32([values.length], values)).data as Float32Array);

function near(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 6));
}

describe('mathematical functions', () => {
  it('are what their names say', () => {
    near(of(exp, {}, 0, 1, -1), [1, Math.E, 1 / Math.E]);
    near(of(log, {}, 1, Math.E, 0.5), [0, 1, -0.69314718]);
    near(of(sqrt, {}, 0, 4), [0, 2]);
    near(of(rsqrt, {}, 4, 0.25), [0.5, 2]);
    expect(of(neg, {}, 2, -3)).toEqual([-2, 3]);
    expect(of(square, {}, 2, -3)).toEqual([4, 9]);
    expect(of(sign, {}, 2, 0, -3)).toEqual([1, 0, -1]);
    expect(of(floor, {}, 1.5, -1.5)).toEqual([1, -2]);
    expect(of(ceil, {}, 1.5, -1.5)).toEqual([2, -1]);
    near(of(erf, {}, 0, 0.5, 1, -2), [0, 0.52049988, 0.84270079, -0.99532227]);
  });

  it('round takes the even one of two integers that are as near', () => {
    expect(of(round, {}, 0.5, 1.5, 2.5, -0.5, -1.5, 0.49, -2.51)).toEqual([0, 2, 2, -0, -2, 0, -3]);
  });

  it('erf is 1 far out, and odd', () => {
    expect([erfOf(7), erfOf(-7), erfOf(Infinity)]).toEqual([1, -1, 1]);
    expect(erfOf(5.9)).toBeCloseTo(1, 15);
    expect(erfOf(NaN)).toBeNaN();
    expect(erfOf(-0.3)).toBe(-erfOf(0.3));
  });
});

describe('activations of two pieces and smooth ones', () => {
  it('are what their papers say', () => {
    near(of(gelu, { approximate: false }, -1, 0, 2), [-0.15865525, 0, 1.9544997]);
    near(of(gelu, { approximate: true }, -1, 0, 2), [-0.15880801, 0, 1.9545977]);
    near(of(softplus, {}, -100, 0, 100), [0, Math.LN2, 100]);
    near(of(softsign, {}, -1, 3), [-0.5, 0.75]);
    near(of(mish, {}, -1, 0, 1), [-0.30340146, 0, 0.86509839]);
    near(of(scaledElu, SELU, -1, 1), [-1.1113307, 1.050701]);
    near(of(scaledElu, { alpha: 0.5, scale: 1 }, -1, 3), [-0.31606028, 3]);
    near(of(celu, { alpha: 2 }, -1, 3), [-0.78693868, 3]);
    near(of(hardSigmoid, { alpha: 0.2, beta: 0.5 }, -3, 1, 4), [0, 0.7, 1]);
    expect(of(thresholdedRelu, { theta: 1 }, 0.5, 1, 1.5, -2)).toEqual([0, 0, 1.5, 0]);
  });

  it('refuse attributes that give no activation', () => {
    const x = float32([1], [1]);
    for (const build of [
      () => run(celu, { alpha: 0 }, x),
      () => run(scaledElu, { alpha: 1, scale: -1 }, x),
      () => run(thresholdedRelu, { theta: -1 }, x),
    ])
      expect(build).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

it('div, pow, squared_difference and floor_mod combine two operands', () => {
  const both = (op: typeof div, a: number, b: number) =>
    Array.from(run(op, { activation: 'none' }, float32([1], [a]), float32([1], [b])).data as Float32Array)[0];
  expect([both(div, 1, 4), both(pow, 2, 3), both(squaredDifference, 1, 4)]).toEqual([0.25, 8, 9]);
  expect([both(floorMod, 5, 3), both(floorMod, -5, 3), both(floorMod, 5, -3)]).toEqual([2, 1, -1]);
});
