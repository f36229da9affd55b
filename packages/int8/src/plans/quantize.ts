import { unsupported, quantize } from '@whittle/core';
import type { DType, NodeView } from '@whittle/core';
import type { ClampRange } from '../activation-range.js';
import type { Multiplier } from '../fixed-point.js';
import { activationScale, inputScale, INT8_OR_INT16, outputScale, STORED_RANGE } from '../quantized-type.js';
import type { ActivationDType, ActivationScale } from '../quantized-type.js';
import { rescale } from './multipliers.js';

/** QUANTIZE from float32: roundf(float32(x / scale)) + zeroPoint, clamped to the output's type. */
export interface QuantizeFloatPlan extends ActivationScale {
  readonly from: 'float32';
}

/** multiply(x - inputZeroPoint) + outputZeroPoint, clamped. */
export interface RescalePlan extends Multiplier {
  readonly inputZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** QUANTIZE from int8 or int16, clamped to the output's type. */
export interface RequantizePlan extends RescalePlan {
  readonly from: ActivationDType;
  readonly dtype: ActivationDType;
}

/** What TFLM's Prepare derives for QUANTIZE to int8 or int16. @throws QUANTIZATION_INVALID, OP_UNSUPPORTED for other types */
export function quantizePlan(n: NodeView<unknown>): QuantizeFloatPlan | RequantizePlan {
  const { dtype } = n.inputs[0];
  const isActivation = (type: DType) => INT8_OR_INT16.some((each) => each === type);
  if (!isActivation(n.outputs[0].dtype) || (dtype !== 'float32' && !isActivation(dtype)))
    throw unsupported('int8', quantize, n);
  const output = outputScale(n, INT8_OR_INT16);
  if (dtype === 'float32') return { from: 'float32', ...output };
  return { ...requantizePlan(n), from: inputScale(n, 0, INT8_OR_INT16).dtype, dtype: output.dtype };
}

/** From the first operand's quantization to the output's, by input / output scale. @throws QUANTIZATION_INVALID */
export function requantizePlan(n: NodeView<unknown>): RescalePlan {
  const input = inputScale(n, 0, INT8_OR_INT16);
  const output = outputScale(n, INT8_OR_INT16);
  return {
    ...rescale(n, input.scale / output.scale),
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    clamp: STORED_RANGE[output.dtype],
  };
}

/** DEQUANTIZE from int8 or int16: float32(scale * (x - zeroPoint)). @throws QUANTIZATION_INVALID */
export function dequantizePlan(n: NodeView<unknown>): ActivationScale {
  return activationScale(n, n.inputs[0], 'input', INT8_OR_INT16);
}
