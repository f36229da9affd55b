import { enums, tables, unions } from './generated/layout.js';
import * as schema from './generated/tflite.js';
import type {
  OperatorT,
  QuantizationParametersT,
  SignatureDefT,
  SubGraphT,
  TensorT,
} from './generated/tflite.js';
import { operatorName } from './operators.js';
import { readTflite } from './read-tflite.js';
import { tensorTypeName } from './tensor-types.js';
import type { TfliteModel } from './tflite-model.js';
import { textOf } from './tflite-model.js';

/**
 * What a .tflite file holds, as text to read and to compare: operators with their versions and options, tensors with
 * type, shape, quantization and bytes, signatures and metadata, one thing a line. Weights themselves are not shown.
 * @throws FORMAT_INVALID as `readTflite`.
 */
export function dumpTflite(bytes: Uint8Array): string {
  const model = readTflite(bytes);
  const description = model.description === null ? '' : ` ${quoted(model.description)}`;
  const lines = [`tflite version ${model.version}${description}`];
  for (const [i, subgraph] of model.subgraphs.entries()) lines.push(...dumpSubgraph(model, subgraph, i));
  for (const signature of model.signatureDefs) lines.push(dumpSignature(signature));
  for (const { name, buffer } of model.metadata)
    lines.push(`metadata ${quoted(name)} ${model.buffers[buffer].length} bytes`);
  return lines.join('\n') + '\n';
}

function dumpSubgraph(model: TfliteModel, subgraph: SubGraphT, index: number): string[] {
  const { inputs, outputs } = subgraph;
  return [
    `subgraph ${index}${subgraph.name === null ? '' : ` ${quoted(subgraph.name)}`} (${inputs.join(', ')}) -> (${outputs.join(', ')})`,
    ...subgraph.tensors.map((tensor, i) => `  ${i}: ${dumpTensor(model, tensor)}`),
    ...subgraph.operators.map((operator) => `  ${dumpOperator(model, operator)}`),
  ];
}

function dumpTensor(model: TfliteModel, tensor: TensorT): string {
  const bytes = model.buffers[tensor.buffer].length;
  return [
    `${quoted(tensor.name)} ${tensorTypeName(tensor.type)} [${tensor.shape.join(', ')}]`,
    tensor.shapeSignature.length > 0 && `signature [${tensor.shapeSignature.join(', ')}]`,
    tensor.isVariable && 'variable',
    tensor.sparsity !== null && 'sparse',
    dumpQuantization(tensor.quantization),
    bytes > 0 && `${bytes} bytes`,
    tensor.externalBuffer !== 0 && `external buffer ${tensor.externalBuffer}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function dumpQuantization(quantization: QuantizationParametersT | null): string {
  if (quantization === null) return '';
  const { scale, zeroPoint, quantizedDimension, detailsType } = quantization;
  if (detailsType !== schema.QuantizationDetails.NONE) return unions.QuantizationDetails[detailsType - 1];
  if (scale.length === 0) return '';
  const zeros = [...new Set(zeroPoint)].join(' ');
  if (scale.length === 1) return `scale ${shortest(scale[0])} zero ${zeros}`;
  const range = scale.reduce(
    ([low, high], s) => [Math.min(low, s), Math.max(high, s)],
    [Infinity, -Infinity],
  );
  return `${scale.length} scales ${range.map(shortest).join(' to ')} zero ${zeros} dimension ${quantizedDimension}`;
}

function dumpOperator(model: TfliteModel, operator: OperatorT): string {
  const code = model.operatorCodes[operator.opcodeIndex];
  return [
    `${operatorName(code)} v${code.version} (${operator.inputs.join(', ')}) -> (${operator.outputs.join(', ')})`,
    dumpOptions(unions.BuiltinOptions[operator.builtinOptionsType - 1], operator.builtinOptions),
    dumpOptions(unions.BuiltinOptions2[operator.builtinOptions2Type - 1], operator.builtinOptions2),
    operator.intermediates.length > 0 && `intermediates (${operator.intermediates.join(', ')})`,
    operator.customOptions.length > 0 && `custom options ${operator.customOptions.length} bytes`,
  ]
    .filter(Boolean)
    .join(' ');
}

function dumpOptions(table: string | undefined, options: object | null): string {
  if (table === undefined || options === null) return '';
  const values = new Map(Object.entries(options));
  const fields = tables[table].filter(([, type]) => type !== 'deprecated');
  return fields.map(([name, type]) => `${name}=${dumpField(type, values.get(camelCase(name)))}`).join(' ');
}

function dumpField(type: string, value: unknown): string {
  if (type in enums) {
    const names: unknown = Reflect.get(schema, type);
    return String(Reflect.get(names as object, String(value)) ?? value);
  }
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  if (type === 'float') return shortest(value as number);
  return typeof value === 'string' ? quoted(value) : String(value);
}

function dumpSignature({ signatureKey, subgraphIndex, inputs, outputs }: SignatureDefT): string {
  const maps = (list: SignatureDefT['inputs']) =>
    list.map((m) => `${quoted(m.name)}: ${m.tensorIndex}`).join(', ');
  return `signature ${quoted(signatureKey)} subgraph ${subgraphIndex} (${maps(inputs)}) -> (${maps(outputs)})`;
}

/** The shortest decimal number that reads back as the same float32. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === Math.fround(value)) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

/** The name that flatc gives a field: pot_scale_int16 becomes potScaleInt16. */
function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function quoted(text: string | Uint8Array | null): string {
  return JSON.stringify(textOf(text));
}
