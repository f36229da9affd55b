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
  [BuiltinOperator.ABS]: { int8: 2, int16: 3 },
  [BuiltinOperator.ADD]: { int8: 2, int16: 3 },
  [BuiltinOperator.SUB]: { int8: 2, int16: 5 },
  [BuiltinOperator.MUL]: { int8: 2, int16: 4 },
  [BuiltinOperator.MAXIMUM]: { int8: 2, int16: 4 },
  [BuiltinOperator.MINIMUM]: { int8: 2, int16: 4 },
  [BuiltinOperator.CONCATENATION]: { int8: 2, int16: 3 },
  [BuiltinOperator.PAD]: { int8: 2, int16: 3 },
  [BuiltinOperator.PADV2]: { int8: 2, int16: 3 },
  [BuiltinOperator.MIRROR_PAD]: { int8: 2, int16: 3 },
  [BuiltinOperator.SLICE]: { int8: 2, int16: 4 },
  [BuiltinOperator.STRIDED_SLICE]: { int8: 2, int16: 4 },
  [BuiltinOperator.SPLIT]: { int8: 2, int16: 4 },
  [BuiltinOperator.SPLIT_V]: { int8: 2 },
  [BuiltinOperator.TRANSPOSE]: { int8: 2, int16: 5 },
  [BuiltinOperator.DEPTH_TO_SPACE]: { int8: 2 },
  [BuiltinOperator.SPACE_TO_DEPTH]: { int8: 2 },
  [BuiltinOperator.RESIZE_NEAREST_NEIGHBOR]: { int8: 2, int16: 4 },
  [BuiltinOperator.RESIZE_BILINEAR]: { int8: 2, int16: 4 },
  [BuiltinOperator.TRANSPOSE_CONV]: { int8: 2, int16: 4 },
  [BuiltinOperator.BATCH_MATMUL]: { int8: 2, int16: 3 },
  [BuiltinOperator.SOFTMAX]: { int8: 2, int16: 3 },
  [BuiltinOperator.LOGISTIC]: { int8: 2, int16: 3 },
  [BuiltinOperator.TANH]: { int8: 2, int16: 3 },
  [BuiltinOperator.RELU]: { int8: 2, int16: 3 },
  [BuiltinOperator.RELU6]: { int8: 2, int16: 3 },
  [BuiltinOperator.LEAKY_RELU]: { int16: 2 },
  [BuiltinOperator.EQUAL]: { int8: 2, int16: 5 },
  [BuiltinOperator.NOT_EQUAL]: { int8: 2, int16: 4 },
  [BuiltinOperator.LESS]: { int8: 2, int16: 3 },
  [BuiltinOperator.LESS_EQUAL]: { int8: 2 },
  [BuiltinOperator.GREATER]: { int8: 2 },
  [BuiltinOperator.GREATER_EQUAL]: { int8: 2, int16: 3 },
  [BuiltinOperator.SVDF]: { int8: 3 },
  [BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM]: { int16: 5 },
  [BuiltinOperator.DEQUANTIZE]: { int8: 2, int16: 3, float16: 3 },
};

/** The version to write for an operator, so that a runtime that is too old for it says so. */
export function versionFor(operator: schema.BuiltinOperator, dtype: DType): number {
  return versions[operator]?.[dtype] ?? 1;
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
