import { concrete, matmulGeometry, WhittleError } from '@whittle/core';
import type { BatchMatmulAttributes, NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import type { Multiplier } from '../fixed-point.js';
import { INT8_OR_INT16, inputScale, outputScale } from '../quantized-type.js';
import type { ActivationDType } from '../quantized-type.js';
import { expectWideShifts, expectWideSums } from './accumulator.js';
import { rescale } from './multipliers.js';

/**
 * What TFLM's Prepare derives for BATCH_MATMUL: multiply(sum of (a - aZeroPoint) * (b - bZeroPoint)) +
 * outputZeroPoint, clamped to the type. int16 has zero points of 0, and sums of 64 bits. Strides are in elements, within a
 * matrix.
 */
export interface BatchMatmulPlan extends Multiplier {
  readonly dtype: ActivationDType;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Shapes around the matrices, which broadcast. */
  readonly batch: readonly number[];
  readonly aBatch: readonly number[];
  readonly bBatch: readonly number[];
  readonly aRowStride: number;
  readonly aInnerStride: number;
  readonly bColumnStride: number;
  readonly bInnerStride: number;
  readonly aZeroPoint: number;
  readonly bZeroPoint: number;
  readonly outputZeroPoint: number;
}

/** TFLM's limit. */
const MAX_RANK = 5;

/** @throws QUANTIZATION_INVALID; OP_UNSUPPORTED above rank 5 */
export function batchMatmulPlan(n: NodeView<BatchMatmulAttributes>): BatchMatmulPlan {
  const a = inputScale(n, 0, INT8_OR_INT16);
  const { dtype } = a;
  const [b, output] = [inputScale(n, 1, [dtype]), outputScale(n, [dtype])];
  const rank = n.outputs[0].shape.length;
  if (rank > MAX_RANK)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: batch_matmul takes rank ${MAX_RANK} at most, found ${rank}`,
      { node: n.name },
    );
  const { transposeA, transposeB } = n.attributes;
  const { rows, inner, columns, batch, batchA, batchB } = matmulGeometry(n);
  const multiplier = rescale(n, (a.scale * b.scale) / output.scale);
  if (dtype === 'int16') {
    const zeroPoints = [a, b, output].map(({ zeroPoint }) => zeroPoint);
    expectQuantization(
      zeroPoints.every((z) => z === 0),
      n,
      () => `int16 zero points must be 0, found ${zeroPoints.join(', ')}`,
    );
    expectWideShifts(n, { shifts: Int32Array.of(multiplier.shift) });
    expectWideSums(n, inner, 2 ** 30, undefined);
  }
  return {
    ...multiplier,
    dtype,
    rows,
    inner,
    columns,
    batch: concrete(batch),
    aBatch: concrete(batchA),
    bBatch: concrete(batchB),
    aRowStride: transposeA ? 1 : inner,
    aInnerStride: transposeA ? rows : 1,
    bColumnStride: transposeB ? inner : 1,
    bInnerStride: transposeB ? 1 : columns,
    aZeroPoint: a.zeroPoint,
    bZeroPoint: b.zeroPoint,
    outputZeroPoint: output.zeroPoint,
  };
}
