import { builtinOperatorOf, schema } from '@whittle/tflite-schema';
import type { OperatorT, SubGraphT, TensorT, TfliteModel } from '@whittle/tflite-schema';
import type { WeightStorage } from './emit/stored-weights.js';

const { FLOAT16, FLOAT32, INT4, INT8, UINT8 } = schema.TensorType;
const { DEQUANTIZE } = schema.BuiltinOperator;

/**
 * How a file stores float weights: `dynamic-range` where a float operator has an integer constant with a scale, else `float16`
 * where there are constants of that type. Integer constants behind a DEQUANTIZE are neither: with them a runtime computes in
 * floats.
 */
export function weightStorageOf(file: TfliteModel): WeightStorage {
  const { subgraphs } = file;
  if (subgraphs.some((each) => each.operators.some((o) => isDynamicRange(file, each, o))))
    return 'dynamic-range';
  const isHalf = (tensor: TensorT) => tensor.type === FLOAT16 && isConstant(file, tensor);
  return subgraphs.some(({ tensors }) => tensors.some(isHalf)) ? 'float16' : 'float32';
}

function isDynamicRange(file: TfliteModel, { tensors }: SubGraphT, operator: OperatorT): boolean {
  if (builtinOperatorOf(file.operatorCodes[operator.opcodeIndex]) === DEQUANTIZE) return false;
  const results = operator.outputs.map((index) => tensors[index]);
  if (results.length === 0 || results.some(({ type }) => type !== FLOAT32)) return false;
  return operator.inputs.some((index) => index >= 0 && isIntegerWeight(file, tensors[index]));
}

function isIntegerWeight(file: TfliteModel, tensor: TensorT): boolean {
  const hasScale = (tensor.quantization?.scale.length ?? 0) > 0;
  return hasScale && [INT4, INT8, UINT8].includes(tensor.type) && isConstant(file, tensor);
}

function isConstant({ buffers }: TfliteModel, { buffer }: TensorT): boolean {
  return buffers[buffer].length > 0;
}
