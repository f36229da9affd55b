import { concrete, sizeOf, WhittleError } from '@whittle/core';
import type { NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import { quantizeMultiplier } from '../fixed-point.js';
import type { Multiplier } from '../fixed-point.js';
import { formatScale, inputScale, outputScale } from '../quantized-type.js';
import type { TensorScale } from '../quantized-type.js';
import { INT32_MAX } from '../rounding.js';

/** The only quantization that SOFTMAX and LOGISTIC of int8 write. */
export const PROBABILITY_SCALE: TensorScale = { scale: 1 / 256, zeroPoint: -128 };

/**
 * What TFLM's Prepare derives for SOFTMAX of int8. multiplier and shift hold beta * scale * 2^26 (at most 2^31 - 1);
 * entries more than `radius` below the row's maximum count as zero.
 */
export interface SoftmaxPlan extends Multiplier {
  readonly rows: number;
  /** Elements of a row, below 4096. */
  readonly depth: number;
  readonly radius: number;
}

/**
 * TFLM stops at run time where a row has 512 or more equal maxima.
 * @throws QUANTIZATION_INVALID, OP_UNSUPPORTED for rows of 4096 or more, whose sum may leave 32 bits
 */
export function softmaxPlan(n: NodeView<{ readonly beta: number }>): SoftmaxPlan {
  const input = inputScale(n);
  const output = outputScale(n);
  expectQuantization(
    output.scale === PROBABILITY_SCALE.scale && output.zeroPoint === PROBABILITY_SCALE.zeroPoint,
    n,
    () => `softmax writes ${formatScale(PROBABILITY_SCALE)}, found ${formatScale(output)}`,
  );
  const real = Math.min(Math.fround(n.attributes.beta) * input.scale * 2 ** 26, INT32_MAX);
  expectQuantization(
    real > 1,
    n,
    () => `beta * input scale must be above 2^-26, found ${n.attributes.beta} * ${input.scale}`,
  );
  const shape = concrete(n.inputs[0].shape);
  const depth = shape[shape.length - 1];
  if (depth >= 4096)
    throw new WhittleError('OP_UNSUPPORTED', `${n.name}: softmax takes rows below 4096, found ${depth}`, {
      node: n.name,
    });
  const { multiplier, shift } = quantizeMultiplier(real);
  return {
    multiplier,
    shift,
    rows: sizeOf(shape) / depth,
    depth,
    radius: Math.floor((31 * 2 ** 26) / 2 ** shift),
  };
}
