import { unsupported, quantize } from '@whittle/core';
import type { DType, NodeView, ValueType } from '@whittle/core';
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

/**
 * QUANTIZE from int8 or int16, clamped to the output's type. A uint8 value is taken as the int8 one 128 below it, with a zero
 * point that is as far below its own: the same numbers.
 */
export interface RequantizePlan extends RescalePlan {
  readonly from: ActivationDType;
  readonly dtype: ActivationDType;
  /** What stored operands and results of uint8 lie above the int8 values that the plan is of: 128; else 0. */
  readonly inputOffset: number;
  readonly outputOffset: number;
}

/** How far uint8 lies above int8. */
const UINT8_OFFSET = 128;

/**
 * What TFLM's Prepare derives for QUANTIZE to int8 or int16, and between int8 and uint8.
 * @throws QUANTIZATION_INVALID, OP_UNSUPPORTED for other types
 */
export function quantizePlan(n: NodeView<unknown>): QuantizeFloatPlan | RequantizePlan {
  const [input, output] = [n.inputs[0].dtype, n.outputs[0].dtype];
  const unsigned = [input, output].filter((dtype) => dtype === 'uint8').length;
  if (unsigned === 0) return signedPlan(n);
  if (unsigned > 1 || (input !== 'int8' && output !== 'int8')) throw unsupported('int8', quantize, n);
  const plan = requantizePlan({ ...n, inputs: n.inputs.map(asInt8), outputs: n.outputs.map(asInt8) });
  const offset = (dtype: DType) => (dtype === 'uint8' ? UINT8_OFFSET : 0);
  return { ...plan, from: 'int8', dtype: 'int8', inputOffset: offset(input), outputOffset: offset(output) };
}

/** The int8 type of the same numbers; other types as they are. */
function asInt8(type: ValueType): ValueType {
  if (type.dtype !== 'uint8') return type;
  const { quantization: q } = type;
  const zeroPoint = q?.zeroPoint.map((zero) => zero - UINT8_OFFSET);
  return { ...type, dtype: 'int8', ...(q && zeroPoint && { quantization: { ...q, zeroPoint } }) };
}

function signedPlan(n: NodeView<unknown>): QuantizeFloatPlan | RequantizePlan {
  const { dtype } = n.inputs[0];
  const isActivation = (type: DType) => INT8_OR_INT16.some((each) => each === type);
  if (!isActivation(n.outputs[0].dtype) || (dtype !== 'float32' && !isActivation(dtype)))
    throw unsupported('int8', quantize, n);
  const output = outputScale(n, INT8_OR_INT16);
  if (dtype === 'float32') return { from: 'float32', ...output };
  const from = inputScale(n, 0, INT8_OR_INT16).dtype;
  return { ...requantizePlan(n), from, dtype: output.dtype, inputOffset: 0, outputOffset: 0 };
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
