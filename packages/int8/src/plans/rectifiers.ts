import type { NodeView } from '@whittle/core';
import { activationRange, storedBound } from '../activation-range.js';
import type { ClampRange } from '../activation-range.js';
import { expectQuantization } from '../errors.js';
import type { Multiplier } from '../fixed-point.js';
import {
  expectSymmetricInt16,
  formatScale,
  inputScale,
  INT8_OR_INT16,
  outputScale,
  sameScale,
  STORED_RANGE,
} from '../quantized-type.js';
import { clamp } from '../rounding.js';
import { rescale } from './multipliers.js';
import { requantizePlan } from './quantize.js';
import type { RescalePlan } from './quantize.js';

/**
 * RELU: rescales by input / output scale, then clamps at the output's zero point. @throws QUANTIZATION_INVALID, where int16
 * has zero points too
 */
export function reluPlan(n: NodeView<unknown>): RescalePlan {
  expectSymmetric(n);
  return { ...requantizePlan(n), clamp: activationRange(n, 'relu', outputScale(n, INT8_OR_INT16)) };
}

/** RELU6: clamps stored values; the kernel doesn't rescale. @throws QUANTIZATION_INVALID unless scales are equal */
export function relu6Plan(n: NodeView<unknown>): ClampRange {
  const input = inputScale(n, 0, INT8_OR_INT16);
  const output = outputScale(n, INT8_OR_INT16);
  expectQuantization(
    sameScale(input, output),
    n,
    () => `relu6 keeps its input's quantization (${formatScale(input)}), found ${formatScale(output)}`,
  );
  const { min, max } = STORED_RANGE[input.dtype];
  return { min: input.zeroPoint, max: clamp(storedBound(n, 6, input), min, max) };
}

/**
 * ABS: the magnitude of x - inputZeroPoint is multiplied, then offset and clamped. @throws QUANTIZATION_INVALID, where int16
 * has zero points too
 */
export function absPlan(n: NodeView<unknown>): RescalePlan {
  expectSymmetric(n);
  return requantizePlan(n);
}

/**
 * What TFLM's Prepare derives for LEAKY_RELU: with v = x - inputZeroPoint, above(v) from 0, else below(v); offset and
 * clamped. A negative slope is applied as minus the result of its magnitude: halves then round the other way.
 */
export interface LeakyReluPlan {
  readonly above: Multiplier;
  /** Its multiplier is negative where alpha is. */
  readonly below: Multiplier;
  readonly inputZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** Input / output scale at and above zero, input * alpha / output below; alpha is a float32. @throws QUANTIZATION_INVALID */
export function leakyReluPlan(n: NodeView<{ readonly alpha: number }>): LeakyReluPlan {
  const input = inputScale(n, 0, INT8_OR_INT16);
  const output = outputScale(n, INT8_OR_INT16);
  return {
    above: rescale(n, input.scale / output.scale),
    below: rescale(n, (input.scale * Math.fround(n.attributes.alpha)) / output.scale),
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    clamp: STORED_RANGE[output.dtype],
  };
}

function expectSymmetric(n: NodeView<unknown>): void {
  expectSymmetricInt16(n, inputScale(n, 0, INT8_OR_INT16), 'input');
  expectSymmetricInt16(n, outputScale(n, INT8_OR_INT16), 'output');
}
