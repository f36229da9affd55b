import { concrete, sizeOf } from '@whittle/core';
import type { NodeView, ReductionAttributes } from '@whittle/core';
import type { ClampRange } from '../activation-range.js';
import type { Multiplier } from '../fixed-point.js';
import {
  expectEqualScales,
  inputScale,
  INT8_OR_INT16,
  outputScale,
  STORED_RANGE,
} from '../quantized-type.js';
import { rescale } from './multipliers.js';

/** What TFLM's Prepare derives for MEAN and SUM: multiply(sum of x - count * inputZeroPoint) + outputZeroPoint, clamped. */
export interface MeanPlan extends Multiplier {
  readonly inputShape: readonly number[];
  /** Ascending. */
  readonly axes: readonly number[];
  /** Elements averaged or summed for each output. */
  readonly count: number;
  readonly inputZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** MEAN: the multiplier holds 1/count, truncated as TFLM does it, and may be below 2^30. @throws QUANTIZATION_INVALID */
export function meanPlan(n: NodeView<ReductionAttributes>): MeanPlan {
  const plan = reduceSumPlan(n);
  return { ...plan, ...divideMultiplier(plan, plan.count) };
}

/** SUM. @throws QUANTIZATION_INVALID */
export function reduceSumPlan(n: NodeView<ReductionAttributes>): MeanPlan {
  const output = outputScale(n, INT8_OR_INT16);
  const input = inputScale(n, 0, [output.dtype]);
  const reduced = reducedAxes(n);
  return {
    ...rescale(n, input.scale / output.scale),
    ...reduced,
    count: sizeOf(reduced.axes.map((axis) => reduced.inputShape[axis])),
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    clamp: STORED_RANGE[output.dtype],
  };
}

/** What REDUCE_MAX and REDUCE_MIN of int8 need: stored values are compared as they are. */
export type ReduceExtremumPlan = Pick<MeanPlan, 'inputShape' | 'axes'>;

/** REDUCE_MAX or REDUCE_MIN. @throws QUANTIZATION_INVALID unless input and output scales are equal */
export function reduceExtremumPlan(n: NodeView<ReductionAttributes>): ReduceExtremumPlan {
  expectEqualScales(n);
  return reducedAxes(n);
}

function reducedAxes(n: NodeView<ReductionAttributes>): ReduceExtremumPlan {
  const axes = [...n.attributes.axes].sort((a, b) => a - b);
  return { inputShape: concrete(n.inputs[0].shape), axes };
}

function divideMultiplier({ multiplier, shift }: Multiplier, count: number): Multiplier {
  const lift = Math.min(31 - Math.clz32(count), 31 + shift);
  const quotient = Number((BigInt(multiplier) << BigInt(lift)) / BigInt(count));
  return { multiplier: quotient, shift: shift - lift };
}
