import { WhittleError } from '@whittle/core';
import type { NativeBinding, OpAttribute } from '../kernels/native.js';

/** A node of a graph; its operands are named as graphs name them, '<node>' or '<node>:<output>'. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  /** Values as TensorFlow's AttrValue messages. */
  readonly attributes: readonly (readonly [name: string, value: Buffer])[];
}

/** The oldest producer of graphs that means today's ops; TensorFlow refuses graphs without one. */
const producer = 1500;

/**
 * A graph as TensorFlow's SavedModel without variables, under the tag 'serve': the one form in which tfjs-node takes a graph
 * (saved_model.proto, meta_graph.proto, graph.proto and node_def.proto of TensorFlow 2).
 */
export function encodeSavedModel(nodes: readonly GraphNode[]): Buffer {
  const graph = Buffer.concat([
    ...nodes.map((node) => bytes(1, encodeNode(node))),
    bytes(4, integer(1, producer)),
  ]);
  const metaGraph = Buffer.concat([bytes(1, bytes(4, Buffer.from('serve'))), bytes(2, graph)]);
  return Buffer.concat([integer(1, 1), bytes(2, metaGraph)]);
}

function encodeNode({ name, op, inputs, attributes }: GraphNode): Buffer {
  return Buffer.concat([
    bytes(1, Buffer.from(name)),
    bytes(2, Buffer.from(op)),
    ...inputs.map((input) => bytes(3, Buffer.from(input))),
    ...attributes.map(([key, value]) =>
      bytes(5, Buffer.concat([bytes(1, Buffer.from(key)), bytes(2, value)])),
    ),
  ]);
}

/** A type, as an attribute's value. */
export function typeValue(dtype: number): Buffer {
  return integer(6, dtype);
}

/** A constant int32 tensor, as an attribute's value. */
export function int32Value(dtype: number, shape: readonly number[], values: Int32Array): Buffer {
  const dimensions = shape.map((size) => bytes(2, integer(1, size)));
  const content = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return bytes(8, Buffer.concat([integer(1, dtype), bytes(2, Buffer.concat(dimensions)), bytes(4, content)]));
}

/** What an op was told, as an attribute's value. @throws OP_UNSUPPORTED for a kind that ops of the library aren't told here */
export function attributeValue(binding: NativeBinding, { name, type, value }: OpAttribute): Buffer {
  const each = (one: (item: never) => Buffer) =>
    Array.isArray(value)
      ? bytes(1, Buffer.concat(value.map((item) => one(item as never))))
      : one(value as never);
  switch (type) {
    case binding.TF_ATTR_STRING:
      return each((text: string) => bytes(2, Buffer.from(text)));
    case binding.TF_ATTR_INT:
      return each((number: number) => integer(3, number));
    case binding.TF_ATTR_FLOAT:
      return each((number: number) => float(4, number));
    case binding.TF_ATTR_BOOL:
      return each((is: boolean) => integer(5, is ? 1 : 0));
    case binding.TF_ATTR_TYPE:
      return each((dtype: number) => integer(6, dtype));
    default:
      throw new WhittleError('OP_UNSUPPORTED', `attribute ${name} of kind ${type} has no form in a graph`);
  }
}

function varint(value: number): Buffer {
  const found: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) found.push(Number(rest & 127n) | 128);
  return Buffer.from([...found, Number(rest)]);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function float(field: number, value: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), number]);
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}
