import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { WhittleError } from '@whittle/core';
import type { NativeBinding, OpAttribute } from '../kernels/native.js';

/** Writes the fields of a message. */
type Fields = (writer: BinaryWriter) => void;

/** A node of a graph; its operands are named as graphs name them, '<node>' or '<node>:<output>'. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  /** Values as TensorFlow's AttrValue messages. */
  readonly attributes: readonly (readonly [name: string, value: Fields])[];
}

/** The oldest producer of graphs that means today's ops; TensorFlow refuses graphs without one. */
const producer = 1500;

/**
 * A graph as TensorFlow's SavedModel without variables, under the tag 'serve': the one form in which tfjs-node takes a graph
 * (saved_model.proto, meta_graph.proto, graph.proto and node_def.proto of TensorFlow 2).
 */
export function encodeSavedModel(nodes: readonly GraphNode[]): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(1);
  message(writer, 2, (metaGraph) => {
    message(metaGraph, 1, (about) => text(about, 4, 'serve'));
    message(metaGraph, 2, (graph) => {
      for (const node of nodes) message(graph, 1, nodeFields(node));
      message(graph, 4, (versions) => versions.tag(1, WireType.Varint).int32(producer));
    });
  });
  return writer.finish();
}

function nodeFields({ name, op, inputs, attributes }: GraphNode): Fields {
  return (node) => {
    text(node, 1, name);
    text(node, 2, op);
    for (const input of inputs) text(node, 3, input);
    for (const [key, value] of attributes)
      message(node, 5, (entry) => {
        text(entry, 1, key);
        message(entry, 2, value);
      });
  };
}

/** A type, as an attribute's value. */
export function typeValue(dtype: number): Fields {
  return (value) => value.tag(6, WireType.Varint).int32(dtype);
}

/** A constant int32 tensor, as an attribute's value. */
export function int32Value(dtype: number, shape: readonly number[], values: Int32Array): Fields {
  const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return (value) =>
    message(value, 8, (tensor) => {
      tensor.tag(1, WireType.Varint).int32(dtype);
      message(tensor, 2, (extents) => {
        for (const size of shape) message(extents, 2, (extent) => extent.tag(1, WireType.Varint).int64(size));
      });
      tensor.tag(4, WireType.LengthDelimited).bytes(content);
    });
}

/** What an op was told, as an attribute's value. @throws OP_UNSUPPORTED for a kind that ops of the library aren't told here */
export function attributeValue(binding: NativeBinding, { name, type, value }: OpAttribute): Fields {
  const each = (write: (writer: BinaryWriter, item: never) => void): Fields =>
    Array.isArray(value)
      ? (writer) => message(writer, 1, (list) => value.forEach((item) => write(list, item as never)))
      : (writer) => write(writer, value as never);
  switch (type) {
    case binding.TF_ATTR_STRING:
      return each((writer, item: string) => text(writer, 2, item));
    case binding.TF_ATTR_INT:
      return each((writer, item: number) => writer.tag(3, WireType.Varint).int64(item));
    case binding.TF_ATTR_FLOAT:
      return each((writer, item: number) => writer.tag(4, WireType.Bit32).float(item));
    case binding.TF_ATTR_BOOL:
      return each((writer, item: boolean) => writer.tag(5, WireType.Varint).bool(item));
    case binding.TF_ATTR_TYPE:
      return each((writer, item: number) => writer.tag(6, WireType.Varint).int32(item));
    default:
      throw new WhittleError('OP_UNSUPPORTED', `attribute ${name} of kind ${type} has no form in a graph`);
  }
}

function message(writer: BinaryWriter, field: number, fields: Fields): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  fields(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}
