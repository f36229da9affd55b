import type { Offset } from 'flatbuffers';
import { Operator, QuantizationParameters, SubGraph, Tensor } from './generated/tflite.js';
import type { OperatorT, QuantizationParametersT, SubGraphT, TensorT } from './generated/tflite.js';
import type { SharedParts } from './shared-parts.js';

/** Writes a subgraph with its tensors and operators, sharing what is equal. */
export function packSubgraph(subgraph: SubGraphT, parts: SharedParts): Offset {
  const { builder } = parts;
  const packedTensors = subgraph.tensors.map((tensor) => packTensor(tensor, parts));
  const packedOperators = subgraph.operators.map((operator) => packOperator(operator, parts));
  const tensors = SubGraph.createTensorsVector(builder, packedTensors);
  const operators = SubGraph.createOperatorsVector(builder, packedOperators);
  const inputs = packInts(subgraph.inputs, parts);
  const outputs = packInts(subgraph.outputs, parts);
  const name = parts.text(subgraph.name);
  SubGraph.startSubGraph(builder);
  SubGraph.addTensors(builder, tensors);
  SubGraph.addInputs(builder, inputs);
  SubGraph.addOutputs(builder, outputs);
  SubGraph.addOperators(builder, operators);
  SubGraph.addName(builder, name);
  SubGraph.addDebugMetadataIndex(builder, subgraph.debugMetadataIndex);
  return SubGraph.endSubGraph(builder);
}

function packTensor(tensor: TensorT, parts: SharedParts): Offset {
  const { builder } = parts;
  // A scalar's shape is an empty list, not an absent one: without the list the rank is unknown.
  const shape = packInts(tensor.shape, parts);
  const name = parts.text(tensor.name);
  const quantization = packQuantization(tensor.quantization, parts);
  const sparsity = parts.object('sparsity', tensor.sparsity);
  const signature = tensor.shapeSignature.length === 0 ? 0 : packInts(tensor.shapeSignature, parts);
  const variants = parts.list('variants', tensor.variantTensors, (b) =>
    Tensor.createVariantTensorsVector(b, b.createObjectOffsetList(tensor.variantTensors)),
  );
  Tensor.startTensor(builder);
  Tensor.addShape(builder, shape);
  Tensor.addType(builder, tensor.type);
  Tensor.addBuffer(builder, tensor.buffer);
  Tensor.addName(builder, name);
  Tensor.addQuantization(builder, quantization);
  Tensor.addIsVariable(builder, tensor.isVariable);
  Tensor.addSparsity(builder, sparsity);
  Tensor.addShapeSignature(builder, signature);
  Tensor.addHasRank(builder, tensor.hasRank);
  Tensor.addVariantTensors(builder, variants);
  Tensor.addExternalBuffer(builder, tensor.externalBuffer);
  return Tensor.endTensor(builder);
}

function packQuantization(quantization: QuantizationParametersT | null, parts: SharedParts): Offset {
  if (quantization === null) return 0;
  const { min, max, scale, zeroPoint, details, detailsType, quantizedDimension } = quantization;
  return parts.once('quantization', quantization, (builder) => {
    const offsets = {
      min: parts.list('floats', min, (b) => QuantizationParameters.createMinVector(b, min)),
      max: parts.list('floats', max, (b) => QuantizationParameters.createMaxVector(b, max)),
      scale: parts.list('floats', scale, (b) => QuantizationParameters.createScaleVector(b, scale)),
      zeroPoint: parts.list('longs', zeroPoint, (b) =>
        QuantizationParameters.createZeroPointVector(b, zeroPoint),
      ),
      details: parts.object(`details ${detailsType}`, details),
    };
    QuantizationParameters.startQuantizationParameters(builder);
    QuantizationParameters.addMin(builder, offsets.min);
    QuantizationParameters.addMax(builder, offsets.max);
    QuantizationParameters.addScale(builder, offsets.scale);
    QuantizationParameters.addZeroPoint(builder, offsets.zeroPoint);
    QuantizationParameters.addDetailsType(builder, detailsType);
    QuantizationParameters.addDetails(builder, offsets.details);
    QuantizationParameters.addQuantizedDimension(builder, quantizedDimension);
    return QuantizationParameters.endQuantizationParameters(builder);
  });
}

function packOperator(operator: OperatorT, parts: SharedParts): Offset {
  const { builder } = parts;
  const { customOptions, mutatingVariableInputs, intermediates } = operator;
  const inputs = packInts(operator.inputs, parts);
  const outputs = packInts(operator.outputs, parts);
  const options = parts.object(`options ${operator.builtinOptionsType}`, operator.builtinOptions);
  const options2 = parts.object(`options2 ${operator.builtinOptions2Type}`, operator.builtinOptions2);
  const custom = parts.list('bytes', customOptions, (b) =>
    Operator.createCustomOptionsVector(b, customOptions),
  );
  const mutating = parts.list('bools', mutatingVariableInputs, (b) =>
    Operator.createMutatingVariableInputsVector(b, mutatingVariableInputs),
  );
  const between = intermediates.length === 0 ? 0 : packInts(intermediates, parts);
  Operator.startOperator(builder);
  Operator.addOpcodeIndex(builder, operator.opcodeIndex);
  Operator.addInputs(builder, inputs);
  Operator.addOutputs(builder, outputs);
  Operator.addBuiltinOptionsType(builder, operator.builtinOptionsType);
  Operator.addBuiltinOptions(builder, options);
  Operator.addCustomOptions(builder, custom);
  Operator.addCustomOptionsFormat(builder, operator.customOptionsFormat);
  Operator.addMutatingVariableInputs(builder, mutating);
  Operator.addIntermediates(builder, between);
  Operator.addBuiltinOptions2Type(builder, operator.builtinOptions2Type);
  Operator.addBuiltinOptions2(builder, options2);
  Operator.addDebugMetadataIndex(builder, operator.debugMetadataIndex);
  return Operator.endOperator(builder);
}

function packInts(list: readonly number[], parts: SharedParts): Offset {
  return parts.once('ints', list, (builder) => Operator.createInputsVector(builder, list as number[]));
}
