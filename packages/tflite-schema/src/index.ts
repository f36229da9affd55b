export * as schema from './generated/tflite.js';
export * as metadataSchema from './generated/tflite-metadata.js';
export { appendFiles, appendedFiles } from './appended-files.js';
export type {
  OperatorCodeT,
  OperatorT,
  QuantizationParametersT,
  SubGraphT,
  TensorT,
} from './generated/tflite.js';
export { dumpTflite } from './dump-tflite.js';
export { TFLITE } from './lowering.js';
export type { EmittedOperator, TfliteEmitContext, TfliteLowering } from './lowering.js';
export { METADATA_ENTRY, readModelMetadata, writeModelMetadata } from './model-metadata.js';
export { builtinOperatorOf, operatorCode, operatorName, optionsTypeOf } from './operators.js';
export type { OperatorKind, OperatorOptions } from './operators.js';
export { quantizationOf, quantizationParameters } from './quantization.js';
export { readTflite } from './read-tflite.js';
export { bytesOf, constantOf } from './tensor-data.js';
export { dtypeOf, tensorTypeName, tensorTypeOf } from './tensor-types.js';
export { emptyTfliteModel, textOf } from './tflite-model.js';
export type { TfliteModel } from './tflite-model.js';
export { writeTflite } from './write-tflite.js';
