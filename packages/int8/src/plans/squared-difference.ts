import type { BinaryAttributes, NodeView } from '@whittle/core';
import type { ClampRange } from '../activation-range.js';
import { quantizeMultiplier } from '../fixed-point.js';
import {
  expectSymmetricInt16,
  inputScale,
  INT8_OR_INT16,
  outputScale,
  STORED_RANGE,
} from '../quantized-type.js';
import type { ActivationDType } from '../quantized-type.js';
import { expectNoActivation } from './elementwise.js';
import type { LiftedOperand } from './elementwise.js';
import { rescale } from './multipliers.js';

/**
 * What TFLM's Prepare derives for SQUARED_DIFFERENCE: both operands are lifted by `lift` bits and brought to twice the larger
 * scale; the square of their difference, which stays within 32 bits, is rescaled, offset and clamped.
 */
export interface SquaredDifferencePlan {
  readonly lift: number;
  readonly a: LiftedOperand;
  readonly b: LiftedOperand;
  /** The multiplier may be above 1. */
  readonly output: LiftedOperand;
  readonly clamp: ClampRange;
}

const LIFTS: Readonly<Record<ActivationDType, number>> = { int8: 7, int16: 0 };

/** @throws QUANTIZATION_INVALID, where int16 values have zero points too; OP_UNSUPPORTED with a fused activation */
export function squaredDifferencePlan(n: NodeView<BinaryAttributes>): SquaredDifferencePlan {
  expectNoActivation(n);
  const output = outputScale(n, INT8_OR_INT16);
  const [a, b] = [0, 1].map((i) => inputScale(n, i, [output.dtype]));
  [a, b].forEach((scale, i) => expectSymmetricInt16(n, scale, `operand ${i}`));
  expectSymmetricInt16(n, output, 'output');
  const lift = LIFTS[output.dtype];
  const twiceMax = 2 * Math.max(a.scale, b.scale);
  return {
    lift,
    a: { ...quantizeMultiplier(a.scale / twiceMax), zeroPoint: a.zeroPoint },
    b: { ...quantizeMultiplier(b.scale / twiceMax), zeroPoint: b.zeroPoint },
    output: { ...rescale(n, twiceMax ** 2 / (2 ** (2 * lift) * output.scale)), zeroPoint: output.zeroPoint },
    clamp: STORED_RANGE[output.dtype],
  };
}
