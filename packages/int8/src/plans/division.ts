import type { BinaryAttributes, NodeView } from '@whittle/core';
import { activationRange } from '../activation-range.js';
import type { ClampRange } from '../activation-range.js';
import { expectQuantization } from '../errors.js';
import { quantizeMultiplier } from '../fixed-point.js';
import type { Multiplier } from '../fixed-point.js';
import { inputScale, outputScale } from '../quantized-type.js';

/**
 * What TFLM's Prepare derives for DIV of int8: (a - aZeroPoint) / (b - bZeroPoint), both without leading zeros, times the
 * multiplier, offset and clamped. The multiplier holds a scale / (b scale * output scale).
 */
export interface DivPlan extends Multiplier {
  readonly aZeroPoint: number;
  readonly bZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** Quotients of two stored values have at least 23 fractional bits, which is the most that they are shifted left by. */
const MAX_LEFT_SHIFT = 23;

/** @throws QUANTIZATION_INVALID */
export function divPlan(n: NodeView<BinaryAttributes>): DivPlan {
  const [a, b, output] = [inputScale(n, 0), inputScale(n, 1), outputScale(n)];
  const factor = a.scale / (b.scale * output.scale);
  const result = quantizeMultiplier(factor);
  expectQuantization(
    result.shift <= MAX_LEFT_SHIFT,
    n,
    () =>
      `the scales give a factor of ${factor}, which must be below 2^${MAX_LEFT_SHIFT}: the output scale is too small`,
  );
  return {
    ...result,
    aZeroPoint: a.zeroPoint,
    bZeroPoint: b.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    clamp: activationRange(n, n.attributes.activation, output),
  };
}
