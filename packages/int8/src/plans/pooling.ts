import { concrete, imageOf, sizeOf, WhittleError, windowGeometry } from '@whittle/core';
import type { MeanAttributes, NodeView, PoolAttributes } from '@whittle/core';
import { activationRange } from '../activation-range.js';
import type { ClampRange } from '../activation-range.js';
import type { Multiplier } from '../fixed-point.js';
import {
  expectEqualScales,
  inputScale,
  INT8_OR_INT16,
  outputScale,
  STORED_RANGE,
} from '../quantized-type.js';
import { INT32_MAX } from '../rounding.js';
import { windowPlan } from './convolution.js';
import type { WindowPlan } from './convolution.js';
import { rescale } from './multipliers.js';

/** What AVERAGE_POOL_2D and MAX_POOL_2D need: stored values are pooled as they are, then clamped. */
export interface PoolPlan extends WindowPlan {
  readonly clamp: ClampRange;
}

/**
 * @throws QUANTIZATION_INVALID unless input and output scales are equal; OP_UNSUPPORTED for explicit padding, and for
 * windows whose sum may leave 32 bits
 */
export function poolPlan(n: NodeView<PoolAttributes>): PoolPlan {
  const output = expectEqualScales(n, INT8_OR_INT16);
  const { size, strides, activation, padding } = n.attributes;
  if (typeof padding !== 'string')
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: pooling with margins of ${Object.values(padding).join(', ')} has no counterpart in TFLite`,
      { node: n.name },
    );
  const largest = -STORED_RANGE[output.dtype].min * size[0] * size[1];
  if (largest > INT32_MAX)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: the sum of a window of ${size[0]} x ${size[1]} may leave 32 bits`,
      { node: n.name },
    );
  return {
    ...windowPlan(n, windowGeometry(n, n.attributes, imageOf(n), size), strides),
    kernelHeight: size[0],
    kernelWidth: size[1],
    clamp: activationRange(n, activation, output),
  };
}

/** What TFLM's Prepare derives for MEAN: multiply(sum of x - count * inputZeroPoint) + outputZeroPoint, clamped. */
export interface MeanPlan extends Multiplier {
  readonly inputShape: readonly number[];
  /** Ascending. */
  readonly axes: readonly number[];
  /** Elements averaged for each output. */
  readonly count: number;
  readonly inputZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** The multiplier holds 1/count, truncated as TFLM does it, and may be below 2^30. @throws QUANTIZATION_INVALID */
export function meanPlan(n: NodeView<MeanAttributes>): MeanPlan {
  const output = outputScale(n, INT8_OR_INT16);
  const input = inputScale(n, 0, [output.dtype]);
  const inputShape = concrete(n.inputs[0].shape);
  const axes = [...n.attributes.axes].sort((a, b) => a - b);
  const count = sizeOf(axes.map((axis) => inputShape[axis]));
  return {
    ...divideMultiplier(rescale(n, input.scale / output.scale), count),
    inputShape,
    axes,
    count,
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    clamp: STORED_RANGE[output.dtype],
  };
}

/** What REDUCE_MAX of int8 needs: stored values are compared as they are. */
export type ReduceMaxPlan = Pick<MeanPlan, 'inputShape' | 'axes'>;

/** @throws QUANTIZATION_INVALID unless input and output scales are equal */
export function reduceMaxPlan(n: NodeView<MeanAttributes>): ReduceMaxPlan {
  expectEqualScales(n);
  const axes = [...n.attributes.axes].sort((a, b) => a - b);
  return { inputShape: concrete(n.inputs[0].shape), axes };
}

function divideMultiplier({ multiplier, shift }: Multiplier, count: number): Multiplier {
  const lift = Math.min(31 - Math.clz32(count), 31 + shift);
  const quotient = Number((BigInt(multiplier) << BigInt(lift)) / BigInt(count));
  return { multiplier: quotient, shift: shift - lift };
}
