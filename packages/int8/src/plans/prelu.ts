import type { NodeView } from '@whittle/core';
import type { Multiplier } from '../fixed-point.js';
import { inputScale, outputScale } from '../quantized-type.js';
import { rescale } from './multipliers.js';

/**
 * What TFLM's Prepare derives for PRELU of int8: with v = x - inputZeroPoint, positive(v) from 0, else
 * negative(v * (alpha - alphaZeroPoint)); offset by outputZeroPoint and clamped to int8.
 */
export interface PreluPlan {
  readonly positive: Multiplier;
  readonly negative: Multiplier;
  readonly inputZeroPoint: number;
  readonly alphaZeroPoint: number;
  readonly outputZeroPoint: number;
}

/** @throws QUANTIZATION_INVALID */
export function preluPlan(n: NodeView<unknown>): PreluPlan {
  const [input, alpha] = [inputScale(n, 0), inputScale(n, 1)];
  const output = outputScale(n);
  return {
    positive: rescale(n, input.scale / output.scale),
    negative: rescale(n, (input.scale * alpha.scale) / output.scale),
    inputZeroPoint: input.zeroPoint,
    alphaZeroPoint: alpha.zeroPoint,
    outputZeroPoint: output.zeroPoint,
  };
}
