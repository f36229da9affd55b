import type { NodeView } from '@whittle/core';
import type { ClampRange } from '../activation-range.js';
import type { Multiplier } from '../fixed-point.js';
import { inputScale, INT8_OR_INT16, outputScale, STORED_RANGE } from '../quantized-type.js';
import { rescale } from './multipliers.js';

/**
 * What TFLM's Prepare derives for PRELU, whose alpha is int8: with v = x - inputZeroPoint, positive(v) from 0, else
 * negative(v * (alpha - alphaZeroPoint)); offset by outputZeroPoint and clamped.
 */
export interface PreluPlan {
  readonly positive: Multiplier;
  readonly negative: Multiplier;
  readonly inputZeroPoint: number;
  readonly alphaZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** @throws QUANTIZATION_INVALID */
export function preluPlan(n: NodeView<unknown>): PreluPlan {
  const output = outputScale(n, INT8_OR_INT16);
  const [input, alpha] = [inputScale(n, 0, [output.dtype]), inputScale(n, 1)];
  return {
    positive: rescale(n, input.scale / output.scale),
    negative: rescale(n, (input.scale * alpha.scale) / output.scale),
    inputZeroPoint: input.zeroPoint,
    alphaZeroPoint: alpha.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    clamp: STORED_RANGE[output.dtype],
  };
}
