import { concrete, sizeOf } from '@whittle/core';
import type { DenseAttributes, NodeView } from '@whittle/core';
import { activationRange } from '../activation-range.js';
import type { ClampRange } from '../activation-range.js';
import { expectQuantization } from '../errors.js';
import type { TensorScale } from '../quantized-type.js';
import { INT8_OR_INT16, inputScale, outputScale } from '../quantized-type.js';
import { accumulatorOf, expectWideShifts } from './accumulator.js';
import type { Accumulator } from './accumulator.js';
import { channelMultipliers, weightQuantization } from './multipliers.js';
import type { ChannelMultipliers } from './multipliers.js';

/**
 * What TFLM's Prepare derives for FULLY_CONNECTED of int8 or int16. Output: multiply(sum of (w - weightZeroPoint) *
 * (x - inputZeroPoint) + bias) + outputZeroPoint, clamped. Weights stay in the model's layout, [inputs, outputs].
 */
export interface DensePlan extends ChannelMultipliers {
  readonly accumulator: Accumulator;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly inputZeroPoint: number;
  /** 0 where the weights have a scale per channel. */
  readonly weightZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** @throws QUANTIZATION_INVALID */
export function densePlan(n: NodeView<DenseAttributes>): DensePlan {
  const [inputs, outputs] = concrete(n.inputs[1].shape);
  const { scale, zeroPoint, axis } = weightQuantization(n);
  const perTensor = scale.length === 1;
  expectQuantization(
    perTensor || axis === 1,
    n,
    () => `weight scales must lie along axis 1, found axis ${axis}`,
  );
  expectQuantization(
    perTensor || zeroPoint.every((z) => z === 0),
    n,
    () => 'weight zero points must be 0 where there is a scale per channel: the kernels ignore them',
  );
  const input = inputScale(n, 0, INT8_OR_INT16);
  const output = outputScale(n, [input.dtype]);
  const accumulator = accumulatorOf(n, input.dtype, ['int32', 'int64']);
  if (perTensor) checkBiasScale(n, input, scale[0], output);
  const multipliers = channelMultipliers(n, input, scale, output, outputs);
  if (accumulator === 'int64') expectWideShifts(n, multipliers);
  return {
    rows: sizeOf(concrete(n.outputs[0].shape)) / outputs,
    inputs,
    outputs,
    inputZeroPoint: input.zeroPoint,
    weightZeroPoint: perTensor ? zeroPoint[0] : 0,
    outputZeroPoint: output.zeroPoint,
    ...multipliers,
    accumulator,
    clamp: activationRange(n, n.attributes.activation, output),
  };
}

/** TFLM refuses a bias whose scale is off by more than 2% of an output step. */
function checkBiasScale(n: NodeView<unknown>, input: TensorScale, weight: number, output: TensorScale): void {
  const bias = n.inputs[2]?.quantization?.scale[0];
  if (bias === undefined) return;
  const product = input.scale * weight;
  expectQuantization(
    Math.abs(product - bias) / output.scale <= 0.02,
    n,
    () => `bias scale must be input scale * weight scale = ${product}, found ${bias}`,
  );
}
