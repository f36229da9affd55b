import { concrete, matmulGeometry, WhittleError } from '@whittle/core';
import type { BatchMatmulAttributes, NodeView } from '@whittle/core';
import type { Multiplier } from '../fixed-point.js';
import { inputScale, outputScale } from '../quantized-type.js';
import { rescale } from './multipliers.js';

/**
 * What TFLM's Prepare derives for BATCH_MATMUL of int8: multiply(sum of (a - aZeroPoint) * (b - bZeroPoint)) +
 * outputZeroPoint, clamped to int8. Strides are in elements, within a matrix.
 */
export interface BatchMatmulPlan extends Multiplier {
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
  const [a, b] = [inputScale(n, 0), inputScale(n, 1)];
  const output = outputScale(n);
  const rank = n.outputs[0].shape.length;
  if (rank > MAX_RANK)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: batch_matmul takes rank ${MAX_RANK} at most, found ${rank}`,
      { node: n.name },
    );
  const { transposeA, transposeB } = n.attributes;
  const { rows, inner, columns, batch, batchA, batchB } = matmulGeometry(n);
  return {
    ...rescale(n, (a.scale * b.scale) / output.scale),
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
