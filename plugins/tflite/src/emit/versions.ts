import type { DType } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';

const { BuiltinOperator } = schema;

/** The least version whose kernels take activations of a type; 1 where nothing stands here. */
const versions: Readonly<Partial<Record<schema.BuiltinOperator, Partial<Record<DType, number>>>>> = {
  [BuiltinOperator.CONV_2D]: { int8: 3, int16: 4 },
  [BuiltinOperator.DEPTHWISE_CONV_2D]: { int8: 3, int16: 5 },
  [BuiltinOperator.FULLY_CONNECTED]: { int8: 4, int16: 7 },
  [BuiltinOperator.AVERAGE_POOL_2D]: { int8: 2, int16: 3 },
  [BuiltinOperator.MAX_POOL_2D]: { int8: 2, int16: 3 },
  [BuiltinOperator.MEAN]: { int8: 2, int16: 3 },
  [BuiltinOperator.REDUCE_MAX]: { int8: 2, int16: 3 },
  [BuiltinOperator.SUM]: { int8: 2 },
  [BuiltinOperator.REDUCE_MIN]: { int8: 2, int16: 3 },
  [BuiltinOperator.REDUCE_PROD]: { int8: 2, int16: 2 },
  [BuiltinOperator.ARG_MAX]: { int8: 2, bool: 3 },
  [BuiltinOperator.ARG_MIN]: { int8: 2, bool: 3 },
  [BuiltinOperator.ABS]: { int8: 2, int16: 3 },
  [BuiltinOperator.ADD]: { int8: 2, int16: 3 },
  [BuiltinOperator.SUB]: { int8: 2, int16: 5 },
  [BuiltinOperator.MUL]: { int8: 2, int16: 4 },
  [BuiltinOperator.MAXIMUM]: { int8: 2, int16: 4 },
  [BuiltinOperator.MINIMUM]: { int8: 2, int16: 4 },
  [BuiltinOperator.SQUARED_DIFFERENCE]: { int8: 2 },
  [BuiltinOperator.FLOOR_MOD]: { int8: 2, int16: 2 },
  [BuiltinOperator.CONCATENATION]: { int8: 2, int16: 3 },
  [BuiltinOperator.PAD]: { int8: 2, int16: 3 },
  [BuiltinOperator.PADV2]: { int8: 2, int16: 3 },
  [BuiltinOperator.MIRROR_PAD]: { int8: 2, int16: 3 },
  [BuiltinOperator.SLICE]: { int8: 2, int16: 4 },
  [BuiltinOperator.STRIDED_SLICE]: { int8: 2, int16: 4 },
  [BuiltinOperator.SPLIT]: { int8: 2, int16: 4 },
  [BuiltinOperator.SPLIT_V]: { int8: 2 },
  [BuiltinOperator.TILE]: { int8: 3 },
  // What was version 1 is no more.
  [BuiltinOperator.BROADCAST_TO]: { float32: 2, int32: 2, int64: 2, bool: 2, int8: 3, int16: 3 },
  [BuiltinOperator.GATHER]: { int8: 2, bool: 3, int16: 4 },
  [BuiltinOperator.TRANSPOSE]: { int8: 2, int16: 5 },
  [BuiltinOperator.DEPTH_TO_SPACE]: { int8: 2 },
  [BuiltinOperator.SPACE_TO_DEPTH]: { int8: 2 },
  [BuiltinOperator.RESIZE_NEAREST_NEIGHBOR]: { int8: 2, int16: 4 },
  [BuiltinOperator.RESIZE_BILINEAR]: { int8: 2, int16: 4 },
  [BuiltinOperator.TRANSPOSE_CONV]: { int8: 2, int16: 4 },
  [BuiltinOperator.BATCH_MATMUL]: { int8: 2, int16: 3 },
  [BuiltinOperator.SOFTMAX]: { int8: 2, int16: 3 },
  [BuiltinOperator.LOG_SOFTMAX]: { int8: 2 },
  [BuiltinOperator.L2_NORMALIZATION]: { int8: 2 },
  [BuiltinOperator.LOGISTIC]: { int8: 2, int16: 3 },
  [BuiltinOperator.TANH]: { int8: 2, int16: 3 },
  [BuiltinOperator.RELU]: { int8: 2, int16: 3 },
  [BuiltinOperator.RELU6]: { int8: 2, int16: 3 },
  [BuiltinOperator.RSQRT]: { int8: 2, int16: 3 },
  [BuiltinOperator.EXP]: { int8: 2, int16: 2 },
  [BuiltinOperator.LOG]: { int8: 2, int16: 2 },
  [BuiltinOperator.GELU]: { int8: 2 },
  [BuiltinOperator.LEAKY_RELU]: { int16: 2 },
  [BuiltinOperator.EQUAL]: { int8: 2, int16: 5 },
  [BuiltinOperator.NOT_EQUAL]: { int8: 2, int16: 4 },
  [BuiltinOperator.LESS]: { int8: 2, int16: 3 },
  [BuiltinOperator.LESS_EQUAL]: { int8: 2 },
  [BuiltinOperator.GREATER]: { int8: 2 },
  [BuiltinOperator.GREATER_EQUAL]: { int8: 2, int16: 3 },
  [BuiltinOperator.SVDF]: { int8: 3 },
  [BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM]: { int16: 5 },
  [BuiltinOperator.CAST]: { int8: 3 },
  [BuiltinOperator.DEQUANTIZE]: { int8: 2, int16: 3, float16: 3 },
};

/** The least versions that take more axes than these, of two operands where they are broadcast. */
const rankVersions: Readonly<
  Partial<Record<schema.BuiltinOperator, readonly (readonly [above: number, version: number])[]>>
> = {
  [BuiltinOperator.TRANSPOSE]: [
    [4, 4],
    [5, 6],
  ],
  [BuiltinOperator.PAD]: [[4, 4]],
  [BuiltinOperator.PADV2]: [[4, 4]],
  [BuiltinOperator.SLICE]: [[4, 5]],
  [BuiltinOperator.STRIDED_SLICE]: [[4, 4]],
  [BuiltinOperator.SUB]: [[4, 3]],
  [BuiltinOperator.DIV]: [[4, 2]],
  [BuiltinOperator.MAXIMUM]: [[4, 3]],
  [BuiltinOperator.MINIMUM]: [[4, 3]],
};

/**
 * The version to write for an operator, so that a runtime that is too old for it says so. `rank`: axes of what it takes, where
 * that matters.
 */
export function versionFor(operator: schema.BuiltinOperator, dtype: DType, rank = 0): number {
  const byRank = (rankVersions[operator] ?? []).map(([above, version]) => (rank > above ? version : 1));
  return Math.max(versions[operator]?.[dtype] ?? 1, ...byRank);
}

/** The versions whose float kernels take int8 weights with a scale for each channel. */
const hybrid: Readonly<Partial<Record<schema.BuiltinOperator, number>>> = {
  [BuiltinOperator.CONV_2D]: 5,
  [BuiltinOperator.DEPTHWISE_CONV_2D]: 6,
  [BuiltinOperator.FULLY_CONNECTED]: 12,
};

/** The version of a layer by the types of its activations and weights. */
export function layerVersionFor(
  operator: schema.BuiltinOperator,
  activations: DType,
  weights: DType,
): number {
  const integer = activations === 'float32' && weights === 'int8';
  return integer ? (hybrid[operator] ?? 1) : versionFor(operator, activations);
}
