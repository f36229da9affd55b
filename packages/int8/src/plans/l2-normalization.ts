import { concrete, sizeOf, WhittleError } from '@whittle/core';
import type { NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import { formatScale, inputScale, outputScale, sameScale } from '../quantized-type.js';
import type { TensorScale } from '../quantized-type.js';
import { INT32_MAX } from '../rounding.js';

/** The only quantization that L2_NORMALIZATION of int8 writes. */
export const UNIT_VECTOR_SCALE: TensorScale = { scale: 1 / 128, zeroPoint: 0 };

/** What L2_NORMALIZATION of int8 needs: vectors of `depth` elements, `rows` of them. */
export interface L2NormalizationPlan {
  readonly rows: number;
  readonly depth: number;
  readonly inputZeroPoint: number;
}

/** TFLM's limit. */
const MAX_RANK = 4;

/**
 * @throws QUANTIZATION_INVALID unless the output has scale 1/128 and zero point 0; OP_UNSUPPORTED above rank 4, and for
 * vectors whose sum of squares may leave 32 bits
 */
export function l2NormalizationPlan(n: NodeView<unknown>): L2NormalizationPlan {
  const { zeroPoint } = inputScale(n);
  const output = outputScale(n);
  expectQuantization(
    sameScale(output, UNIT_VECTOR_SCALE),
    n,
    () => `l2_normalize writes ${formatScale(UNIT_VECTOR_SCALE)}, found ${formatScale(output)}`,
  );
  const shape = concrete(n.inputs[0].shape);
  const depth = shape[shape.length - 1];
  const largest = Math.max(zeroPoint + 128, 127 - zeroPoint) ** 2 * depth;
  const bad =
    shape.length > MAX_RANK
      ? `takes rank ${MAX_RANK} at most, found ${shape.length}`
      : largest > INT32_MAX && `of ${depth} elements: the sum of their squares may leave 32 bits`;
  if (bad) throw new WhittleError('OP_UNSUPPORTED', `${n.name}: l2_normalize ${bad}`, { node: n.name });
  return { rows: sizeOf(shape) / depth, depth, inputZeroPoint: zeroPoint };
}
