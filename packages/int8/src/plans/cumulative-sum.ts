import { concrete, sizeOf, WhittleError } from '@whittle/core';
import type { CumsumAttributes, NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import { quantizeMultiplier } from '../fixed-point.js';
import type { Multiplier } from '../fixed-point.js';
import { inputScale, outputScale } from '../quantized-type.js';

/** Fractional bits of the sums of CUMSUM. */
export const CUMSUM_LIFT = 19;

/**
 * What TFLM's Prepare derives for CUMSUM of int8: sums of x << `CUMSUM_LIFT` along an axis of `extent` elements, `inner` apart,
 * are rescaled, offset and clamped.
 */
export interface CumsumPlan extends Multiplier {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
  readonly outputZeroPoint: number;
}

/** The longest axis whose sums stay within 32 bits. */
const MAX_EXTENT = 31;

/**
 * @throws QUANTIZATION_INVALID where the output scale is below about 2^-19 of the input's, or the input has a zero point, from
 * minus which TFLM's kernel would begin; OP_UNSUPPORTED for more than 31 elements, whose sum may leave 32 bits
 */
export function cumsumPlan(n: NodeView<CumsumAttributes>): CumsumPlan {
  const input = inputScale(n);
  const output = outputScale(n);
  expectQuantization(
    input.zeroPoint === 0,
    n,
    () => `cumsum takes zero point 0 alone, found ${input.zeroPoint}: the kernel would begin with minus that`,
  );
  const result = quantizeMultiplier((2 * input.scale) / (2 ** (CUMSUM_LIFT + 1) * output.scale));
  expectQuantization(
    result.shift <= 0,
    n,
    () => `the output scale ${output.scale} is too small for an input of scale ${input.scale}`,
  );
  const { axis, exclusive, reverse } = n.attributes;
  const shape = concrete(n.inputs[0].shape);
  if (shape[axis] > MAX_EXTENT)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: the sum of ${shape[axis]} elements may leave 32 bits, expected ${MAX_EXTENT} at most`,
      { node: n.name },
    );
  return {
    ...result,
    outer: sizeOf(shape.slice(0, axis)),
    extent: shape[axis],
    inner: sizeOf(shape.slice(axis + 1)),
    exclusive,
    reverse,
    outputZeroPoint: output.zeroPoint,
  };
}
