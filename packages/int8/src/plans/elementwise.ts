import { WhittleError } from '@whittle/core';
import type { BinaryAttributes, NodeView } from '@whittle/core';
import { activationRange } from '../activation-range.js';
import type { ClampRange } from '../activation-range.js';
import { expectQuantization } from '../errors.js';
import { quantizeMultiplier } from '../fixed-point.js';
import type { Multiplier } from '../fixed-point.js';
import {
  expectEqualScales,
  expectSymmetricInt16,
  inputScale,
  INT8_OR_INT16,
  outputScale,
} from '../quantized-type.js';
import type { ActivationDType } from '../quantized-type.js';
import { rescale } from './multipliers.js';

/** An operand of ADD or SUB: (x - zeroPoint) << lift times the multiplier. */
export interface LiftedOperand extends Multiplier {
  readonly zeroPoint: number;
}

/**
 * What TFLM's Prepare derives for ADD and SUB: both operands are lifted by `lift` bits, brought to a common scale,
 * added (b times `sign`) in 32 bits, rescaled, offset and clamped.
 */
export interface AddPlan {
  readonly lift: number;
  readonly a: LiftedOperand;
  readonly b: LiftedOperand;
  /** 1 to add b, -1 to subtract it. */
  readonly sign: 1 | -1;
  readonly output: LiftedOperand;
  readonly clamp: ClampRange;
}

/** What TFLM's Prepare derives for MUL: multiply((a - aZeroPoint) * (b - bZeroPoint)) + outputZeroPoint, clamped. */
export interface MulPlan extends Multiplier {
  readonly aZeroPoint: number;
  readonly bZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

const LIFTS: Readonly<Record<ActivationDType, number>> = { int8: 20, int16: 15 };

/** @throws QUANTIZATION_INVALID where the output scale is below about 2^-19 (int16: 2^-14) of the larger input scale */
export function addPlan(n: NodeView<BinaryAttributes>): AddPlan {
  return sumPlan(n, 1);
}

/** @throws QUANTIZATION_INVALID as `addPlan` */
export function subPlan(n: NodeView<BinaryAttributes>): AddPlan {
  return sumPlan(n, -1);
}

function sumPlan(n: NodeView<BinaryAttributes>, sign: 1 | -1): AddPlan {
  const output = outputScale(n, INT8_OR_INT16);
  const [a, b] = [0, 1].map((i) => inputScale(n, i, [output.dtype]));
  const lift = LIFTS[output.dtype];
  const twiceMax = 2 * Math.max(a.scale, b.scale);
  const result = quantizeMultiplier(twiceMax / (2 ** lift * output.scale));
  expectQuantization(
    result.shift <= 0,
    n,
    () => `the output scale ${output.scale} is too small for operands of scale ${a.scale} and ${b.scale}`,
  );
  return {
    lift,
    a: { ...quantizeMultiplier(a.scale / twiceMax), zeroPoint: a.zeroPoint },
    b: { ...quantizeMultiplier(b.scale / twiceMax), zeroPoint: b.zeroPoint },
    sign,
    output: { ...result, zeroPoint: output.zeroPoint },
    clamp: activationRange(n, n.attributes.activation, output),
  };
}

/** @throws QUANTIZATION_INVALID, where int16 values have zero points too */
export function mulPlan(n: NodeView<BinaryAttributes>): MulPlan {
  const output = outputScale(n, INT8_OR_INT16);
  const [a, b] = [0, 1].map((i) => inputScale(n, i, [output.dtype]));
  [a, b].forEach((scale, i) => expectSymmetricInt16(n, scale, `operand ${i}`));
  expectSymmetricInt16(n, output, 'output');
  return {
    ...rescale(n, (a.scale * b.scale) / output.scale),
    aZeroPoint: a.zeroPoint,
    bZeroPoint: b.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    clamp: activationRange(n, n.attributes.activation, output),
  };
}

/**
 * Checks MAXIMUM or MINIMUM, which compare stored values: there is nothing to derive.
 * @throws QUANTIZATION_INVALID unless all scales are equal; OP_UNSUPPORTED with a fused activation
 */
export function checkExtremum(n: NodeView<BinaryAttributes>): void {
  expectEqualScales(n, INT8_OR_INT16);
  expectNoActivation(n);
}

/** @throws OP_UNSUPPORTED for a fused activation of an operator that has none in TFLite */
export function expectNoActivation(n: NodeView<BinaryAttributes>): void {
  if (n.attributes.activation !== 'none')
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: the operator carries no activation in TFLite, found ${n.attributes.activation}`,
      { node: n.name },
    );
}
