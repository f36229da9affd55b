import { addPlan, multiplyByQuantizedMultiplier, subPlan } from '@whittle/int8';
import type { AddPlan } from '@whittle/int8';
import { expect, test } from 'vitest';
import { linearSum } from './linear-sum.js';

const type = (scale: number, zeroPoint: number) => ({
  dtype: 'int8' as const,
  shape: [4],
  quantization: { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zeroPoint) },
});

function planOf(
  plan: typeof addPlan,
  scales: readonly [number, number, number],
  zeroPoints: readonly [number, number, number],
  activation: 'none' | 'relu' = 'none',
): AddPlan {
  const [a, b, y] = scales.map((scale, i) => type(scale, zeroPoints[i]));
  return plan({
    name: 'y',
    attributes: { activation },
    inputs: [a, b],
    outputs: [y],
    inputIds: ['a', 'b'],
    outputIds: ['y'],
  });
}

/** What TFLM computes. */
function exact({ lift, a, b, sign, output, clamp }: AddPlan, x: number, y: number): number {
  const left = multiplyByQuantizedMultiplier((x - a.zeroPoint) << lift, a.multiplier, a.shift);
  const right = multiplyByQuantizedMultiplier((y - b.zeroPoint) << lift, b.multiplier, b.shift);
  const sum = multiplyByQuantizedMultiplier(left + sign * right, output.multiplier, output.shift);
  return Math.min(Math.max(sum + output.zeroPoint, clamp.min), clamp.max);
}

/** What the kernel and the clamp behind it compute, in 64 bits. */
function linear(
  sum: { aFactor: number; bFactor: number; offset: number },
  plan: AddPlan,
  x: number,
  y: number,
) {
  const total =
    ((BigInt(sum.aFactor) * BigInt(x)) >> 8n) +
    ((BigInt(sum.bFactor) * BigInt(y)) >> 8n) +
    BigInt(sum.offset);
  expect(BigInt.asIntN(32, total)).toBe(total);
  return Math.min(Math.max(Number(total >> 20n), plan.clamp.min), plan.clamp.max);
}

test.each([
  planOf(addPlan, [0.02, 0.015, 0.03], [-128, 4, -128]),
  planOf(addPlan, [0.011, 0.02, 0.02], [3, -128, -7], 'relu'),
  planOf(subPlan, [0.02, 0.006, 0.005], [127, -128, 0]),
  planOf(subPlan, [0.0021, 0.03, 0.4], [0, 17, 127]),
  planOf(addPlan, [0.02, 0.02, 0.04], [5, -9, -128]),
])('a linear function gives what TFLM gives, for every pair of values', (plan) => {
  const sum = linearSum(plan)!;
  const differences = [];
  for (let x = -128; x < 128; x++)
    for (let y = -128; y < 128; y++)
      if (linear(sum, plan, x, y) !== exact(plan, x, y)) differences.push([x, y]);
  expect(differences).toEqual([]);
});

test('there is none where halves are rounded away from zero to both sides, nor for factors of 8', () => {
  expect(linearSum(planOf(addPlan, [0.02, 0.02, 0.04], [0, 0, 0]))).toBeUndefined();
  expect(linearSum(planOf(addPlan, [0.08, 0.02, 0.009], [0, 0, 0]))).toBeUndefined();
});
