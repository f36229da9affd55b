import { WhittleError } from '@whittle/core';
import type { Quantization } from '@whittle/core';
import { QuantizationDetails, QuantizationParametersT } from './generated/tflite.js';
import type { TensorT } from './generated/tflite.js';
import { textOf } from './tflite-model.js';

/**
 * Scale and zero point of a tensor in the file; undefined where it has none. A single zero point holds for all scales.
 * @throws FORMAT_INVALID where the numbers of scales, zero points and channels don't fit, a zero point is no int32, or
 * the quantization is blockwise or custom.
 */
export function quantizationOf(tensor: TensorT): Quantization | undefined {
  const q = tensor.quantization;
  if (q === null) return undefined;
  const fail = (message: string) =>
    new WhittleError(
      'FORMAT_INVALID',
      `.tflite: quantization of tensor '${textOf(tensor.name)}': ${message}`,
    );
  if (q.detailsType !== QuantizationDetails.NONE)
    throw fail(`found ${QuantizationDetails[q.detailsType]}, expected scale and zero point`);
  if (q.scale.length === 0) return undefined;
  const count = q.scale.length;
  if (q.zeroPoint.length !== count && q.zeroPoint.length !== 1)
    throw fail(`found ${count} scales and ${q.zeroPoint.length} zero points, expected as many or 1`);
  if (q.zeroPoint.some((z) => z !== BigInt.asIntN(32, z))) throw fail('a zero point is outside of int32');
  const scale = Float32Array.from(q.scale);
  const zeroPoint = Int32Array.from({ length: count }, (_, i) => Number(q.zeroPoint[i] ?? q.zeroPoint[0]));
  if (count === 1) return { scale, zeroPoint };
  const axis = q.quantizedDimension;
  if (tensor.shape[axis] !== count)
    throw fail(
      `found ${count} scales along dimension ${axis} of [${tensor.shape.join(', ')}], expected one each`,
    );
  return { scale, zeroPoint, axis };
}

/** The file's form of a quantization: one zero point for each scale, as the runtimes read it. */
export function quantizationParameters({ scale, zeroPoint, axis }: Quantization): QuantizationParametersT {
  const zeroPoints = Array.from(scale, (_, i) => BigInt(zeroPoint[i] ?? zeroPoint[0]));
  return new QuantizationParametersT(
    [],
    [],
    Array.from(scale),
    zeroPoints,
    QuantizationDetails.NONE,
    null,
    axis ?? 0,
  );
}
