import { sizeOf, stridesOf } from '@whittle/core';
import type { NodeView, ReductionAttributes } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import type { Int8Kernel } from '../lowering.js';
import { meanPlan, reduceExtremumPlan, reduceSumPlan } from '../plans/reduction.js';
import type { MeanPlan } from '../plans/reduction.js';
import { clamp } from '../rounding.js';

/** MEAN. */
export function prepareMean(n: NodeView<ReductionAttributes>): Int8Kernel {
  return sum(meanPlan(n));
}

/** SUM. */
export function prepareReduceSum(n: NodeView<ReductionAttributes>): Int8Kernel {
  return sum(reduceSumPlan(n));
}

function sum(plan: MeanPlan): Int8Kernel {
  const outputIndex = keptIndex(plan.inputShape, plan.axes);
  return ([input], [output]) => {
    const sums = new Int32Array(output.length);
    for (let i = 0; i < input.length; i++) sums[outputIndex[i]] += input[i] as number;
    for (let o = 0; o < sums.length; o++) {
      const total = (sums[o] - Math.imul(plan.inputZeroPoint, plan.count)) | 0;
      const y = multiplyByQuantizedMultiplier(total, plan.multiplier, plan.shift);
      output[o] = clamp((y + plan.outputZeroPoint) | 0, plan.clamp.min, plan.clamp.max);
    }
  };
}

/** REDUCE_MAX, of stored values. */
export function prepareReduceMax(n: NodeView<ReductionAttributes>): Int8Kernel {
  return extremum(n, -128, (a, b) => a > b);
}

/** REDUCE_MIN, of stored values. */
export function prepareReduceMin(n: NodeView<ReductionAttributes>): Int8Kernel {
  return extremum(n, 127, (a, b) => a < b);
}

function extremum(
  n: NodeView<ReductionAttributes>,
  initial: number,
  better: (a: number, b: number) => boolean,
): Int8Kernel {
  const { inputShape, axes } = reduceExtremumPlan(n);
  const outputIndex = keptIndex(inputShape, axes);
  return ([input], [output]) => {
    output.fill(initial as never);
    for (let i = 0; i < input.length; i++) {
      const at = outputIndex[i];
      if (better(input[i] as number, output[at] as number)) output[at] = input[i];
    }
  };
}

/** For each element the index of the output that it is part of, when `axes` are reduced. */
function keptIndex(shape: readonly number[], axes: readonly number[]): Int32Array {
  const strides = stridesOf(shape);
  const kept = stridesOf(shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)));
  return Int32Array.from({ length: sizeOf(shape) }, (_, i) =>
    shape.reduce(
      (sum, dim, axis) =>
        axes.includes(axis) ? sum : sum + (Math.floor(i / strides[axis]) % dim) * kept[axis],
      0,
    ),
  );
}
