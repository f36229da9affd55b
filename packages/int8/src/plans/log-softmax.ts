import { concrete, sizeOf, WhittleError } from '@whittle/core';
import type { NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import { quantizeMultiplier } from '../fixed-point.js';
import type { Multiplier } from '../fixed-point.js';
import { formatScale, inputScale, outputScale, sameScale } from '../quantized-type.js';
import type { TensorScale } from '../quantized-type.js';
import { INT32_MAX } from '../rounding.js';

/** The only quantization that LOG_SOFTMAX of int8 writes: -16 to 0. */
export const LOG_PROBABILITY_SCALE: TensorScale = { scale: 1 / 16, zeroPoint: 127 };

/**
 * What TFLM's Prepare derives for LOG_SOFTMAX of int8. multiplier and shift hold scale * 2^26 (at most 2^31 - 1), and
 * `inverse` what brings such numbers back to steps of the input; entries more than `radius` below the row's maximum count as
 * nothing.
 */
export interface LogSoftmaxPlan extends Multiplier {
  readonly inverse: Multiplier;
  readonly rows: number;
  /** Elements of a row, below 4096. */
  readonly depth: number;
  readonly radius: number;
}

/** @throws QUANTIZATION_INVALID; OP_UNSUPPORTED for rows of 4096 or more, whose sum may leave 32 bits */
export function logSoftmaxPlan(n: NodeView<unknown>): LogSoftmaxPlan {
  const input = inputScale(n);
  const output = outputScale(n);
  expectQuantization(
    sameScale(output, LOG_PROBABILITY_SCALE),
    n,
    () => `log_softmax writes ${formatScale(LOG_PROBABILITY_SCALE)}, found ${formatScale(output)}`,
  );
  const real = Math.min(input.scale * 2 ** 26, INT32_MAX);
  expectQuantization(real > 1, n, () => `the input scale must be above 2^-26, found ${input.scale}`);
  const shape = concrete(n.inputs[0].shape);
  const depth = shape[shape.length - 1];
  if (depth >= 4096)
    throw new WhittleError('OP_UNSUPPORTED', `${n.name}: log_softmax takes rows below 4096, found ${depth}`, {
      node: n.name,
    });
  const { multiplier, shift } = quantizeMultiplier(real);
  return {
    multiplier,
    shift,
    inverse: quantizeMultiplier(2 ** (31 - shift) / multiplier),
    rows: sizeOf(shape) / depth,
    depth,
    radius: Math.floor((31 * 2 ** 26) / 2 ** shift),
  };
}
