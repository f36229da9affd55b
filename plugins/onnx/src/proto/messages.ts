import { decodeMessage } from './decode-message.js';
import type { Field, FieldKind, MessageSchema } from './decode-message.js';

/** Names, field numbers and kinds of ONNX's format (onnx.proto3), as far as models of inference need them. */

export interface ModelProto {
  readonly irVersion?: number;
  readonly producerName?: string;
  readonly graph?: GraphProto;
  readonly opsetImport?: readonly OperatorSetId[];
  readonly functions?: readonly FunctionProto[];
}

export interface OperatorSetId {
  readonly domain?: string;
  readonly version?: number;
}

export interface GraphProto {
  readonly name?: string;
  readonly node?: readonly NodeProto[];
  readonly initializer?: readonly TensorProto[];
  readonly sparseInitializer?: readonly unknown[];
  readonly input?: readonly ValueInfoProto[];
  readonly output?: readonly ValueInfoProto[];
}

export interface FunctionProto {
  readonly name?: string;
  readonly domain?: string;
  readonly overload?: string;
  readonly input?: readonly string[];
  readonly output?: readonly string[];
  readonly attribute?: readonly string[];
  readonly attributeProto?: readonly AttributeProto[];
  readonly node?: readonly NodeProto[];
  readonly opsetImport?: readonly OperatorSetId[];
}

export interface NodeProto {
  readonly input?: readonly string[];
  readonly output?: readonly string[];
  readonly name?: string;
  readonly opType?: string;
  readonly domain?: string;
  readonly overload?: string;
  readonly attribute?: readonly AttributeProto[];
}

export interface AttributeProto {
  readonly name?: string;
  readonly type?: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly t?: TensorProto;
  readonly g?: GraphProto;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  readonly strings?: readonly Uint8Array[];
  readonly refAttrName?: string;
}

export interface TensorProto {
  readonly dims?: readonly number[];
  readonly dataType?: number;
  readonly name?: string;
  readonly rawData?: Uint8Array;
  readonly floatData?: readonly number[];
  readonly int32Data?: readonly number[];
  readonly int64Data?: readonly number[];
  readonly doubleData?: readonly number[];
  readonly uint64Data?: readonly number[];
  readonly externalData?: readonly StringStringEntry[];
  /** 1: the data lies in another file. */
  readonly dataLocation?: number;
}

export interface StringStringEntry {
  readonly key?: string;
  readonly value?: string;
}

export interface ValueInfoProto {
  readonly name?: string;
  readonly type?: { readonly tensorType?: TensorTypeProto };
}

export interface TensorTypeProto {
  readonly elemType?: number;
  readonly shape?: { readonly dim?: readonly DimensionProto[] };
}

export interface DimensionProto {
  readonly dimValue?: number;
  readonly dimParam?: string;
}

type FieldSpec = readonly [number: number, kind: FieldKind, repeated?: 'repeated'];

function message(fields: () => Readonly<Record<string, FieldSpec>>): MessageSchema {
  let map: ReadonlyMap<number, Field> | undefined;
  return () =>
    (map ??= new Map(
      Object.entries(fields()).map(([name, [number, kind, repeated]]) => [
        number,
        { name, kind, repeated: repeated !== undefined },
      ]),
    ));
}

const operatorSetId = message(() => ({ domain: [1, 'string'], version: [2, 'int64'] }));

const entry = message(() => ({ key: [1, 'string'], value: [2, 'string'] }));

const tensor = message(() => ({
  dims: [1, 'int64', 'repeated'],
  dataType: [2, 'int32'],
  floatData: [4, 'float', 'repeated'],
  int32Data: [5, 'int32', 'repeated'],
  int64Data: [7, 'int64', 'repeated'],
  name: [8, 'string'],
  rawData: [9, 'bytes'],
  doubleData: [10, 'double', 'repeated'],
  uint64Data: [11, 'uint64', 'repeated'],
  externalData: [13, entry, 'repeated'],
  dataLocation: [14, 'int32'],
}));

const dimension = message(() => ({ dimValue: [1, 'int64'], dimParam: [2, 'string'] }));
const tensorShape = message(() => ({ dim: [1, dimension, 'repeated'] }));
const tensorType = message(() => ({ elemType: [1, 'int32'], shape: [2, tensorShape] }));
const type = message(() => ({ tensorType: [1, tensorType] }));
const valueInfo = message(() => ({ name: [1, 'string'], type: [2, type] }));

const attribute: MessageSchema = message(() => ({
  name: [1, 'string'],
  f: [2, 'float'],
  i: [3, 'int64'],
  s: [4, 'bytes'],
  t: [5, tensor],
  g: [6, graph],
  floats: [7, 'float', 'repeated'],
  ints: [8, 'int64', 'repeated'],
  strings: [9, 'bytes', 'repeated'],
  type: [20, 'int32'],
  refAttrName: [21, 'string'],
}));

const node = message(() => ({
  input: [1, 'string', 'repeated'],
  output: [2, 'string', 'repeated'],
  name: [3, 'string'],
  opType: [4, 'string'],
  attribute: [5, attribute, 'repeated'],
  domain: [7, 'string'],
  overload: [8, 'string'],
}));

const graph = message(() => ({
  node: [1, node, 'repeated'],
  name: [2, 'string'],
  initializer: [5, tensor, 'repeated'],
  input: [11, valueInfo, 'repeated'],
  output: [12, valueInfo, 'repeated'],
  sparseInitializer: [15, 'bytes', 'repeated'],
}));

const functionProto = message(() => ({
  name: [1, 'string'],
  input: [4, 'string', 'repeated'],
  output: [5, 'string', 'repeated'],
  attribute: [6, 'string', 'repeated'],
  node: [7, node, 'repeated'],
  opsetImport: [9, operatorSetId, 'repeated'],
  domain: [10, 'string'],
  attributeProto: [11, attribute, 'repeated'],
  overload: [13, 'string'],
}));

const model = message(() => ({
  irVersion: [1, 'int64'],
  producerName: [2, 'string'],
  graph: [7, graph],
  opsetImport: [8, operatorSetId, 'repeated'],
  functions: [25, functionProto, 'repeated'],
}));

/** @throws FORMAT_INVALID */
export function decodeModel(bytes: Uint8Array): ModelProto {
  return decodeMessage(bytes, model);
}
