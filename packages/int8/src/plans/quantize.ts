import { unsupported, quantize } from '@whittle/core';
import type { NodeView } from '@whittle/core';
import { activationScale, inputScale, outputScale } from '../quantized-type.js';
import type { Multiplier } from '../fixed-point.js';
import type { TensorScale } from '../quantized-type.js';
import { rescale } from './multipliers.js';

/** QUANTIZE from float32: roundf(float32(x / scale)) + zeroPoint, clamped to int8. */
export interface QuantizeFloatPlan extends TensorScale {
  readonly from: 'float32';
}

/** QUANTIZE from int8: multiply(x - inputZeroPoint) + outputZeroPoint, clamped to int8. */
export interface RequantizePlan extends Multiplier {
  readonly from: 'int8';
  readonly inputZeroPoint: number;
  readonly outputZeroPoint: number;
}

/** What TFLM's Prepare derives for QUANTIZE to int8. @throws QUANTIZATION_INVALID, OP_UNSUPPORTED for other types */
export function quantizePlan(n: NodeView<unknown>): QuantizeFloatPlan | RequantizePlan {
  const { dtype } = n.inputs[0];
  if (n.outputs[0].dtype !== 'int8' || (dtype !== 'float32' && dtype !== 'int8'))
    throw unsupported('int8', quantize, n);
  const output = outputScale(n);
  if (dtype === 'float32') return { from: 'float32', ...output };
  const input = inputScale(n);
  return {
    from: 'int8',
    ...rescale(n, input.scale / output.scale),
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: output.zeroPoint,
  };
}

/** DEQUANTIZE from int8: float32(scale * (x - zeroPoint)). @throws QUANTIZATION_INVALID */
export function dequantizePlan(n: NodeView<unknown>): TensorScale {
  return activationScale(n, n.inputs[0], 'input');
}
