import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { invalid } from '../faults.js';

/** What a field holds: a scalar of protobuf's, or a message with fields of its own. */
export type FieldKind =
  'int32' | 'int64' | 'uint64' | 'float' | 'double' | 'string' | 'bytes' | MessageSchema;

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly repeated: boolean;
}

/** The fields of a message that are read, by number; others are skipped. A function, as messages may hold their own kind. */
export type MessageSchema = () => ReadonlyMap<number, Field>;

/** A decoded message. Fields that the file leaves out have no entry, repeated ones none or an array. */
export type Message = Readonly<Record<string, unknown>>;

/** More messages, or deeper ones, are taken for damage: models have a few for each node. */
const mostMessages = 2_000_000;
const deepest = 40;

const wireTypes: Readonly<Record<string, WireType>> = {
  int32: WireType.Varint,
  int64: WireType.Varint,
  uint64: WireType.Varint,
  float: WireType.Bit32,
  double: WireType.Bit64,
  string: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
};

/**
 * Decodes a message by its schema. Bytes are parts of `bytes`, not copies; 64-bit integers become numbers, the nearest one
 * where they are beyond 2^53.
 * @throws FORMAT_INVALID
 */
export function decodeMessage(bytes: Uint8Array, schema: MessageSchema): Message {
  const state = { messages: 0 };
  try {
    return decode(bytes, schema, deepest, state);
  } catch (error) {
    if (error instanceof Error && error.name === 'WhittleError') throw error;
    throw invalid('file', `no valid protobuf: ${error instanceof Error ? error.message : error}`, error);
  }
}

function decode(
  bytes: Uint8Array,
  schema: MessageSchema,
  depth: number,
  state: { messages: number },
): Message {
  if (depth === 0) throw invalid('file', `messages nested more than ${deepest} deep`);
  if (++state.messages > mostMessages) throw invalid('file', `more than ${mostMessages} messages`);
  const fields = schema();
  const reader = new BinaryReader(bytes);
  const message: Record<string, unknown> = {};
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const field = fields.get(number);
    if (!field) {
      reader.skip(wireType, number);
      continue;
    }
    const { kind, name } = field;
    const expected = typeof kind === 'string' ? wireTypes[kind] : WireType.LengthDelimited;
    const list = field.repeated ? ((message[name] ??= []) as unknown[]) : undefined;
    if (list && wireType === WireType.LengthDelimited && expected !== WireType.LengthDelimited) {
      const packed = new BinaryReader(reader.bytes());
      while (packed.pos < packed.len) list.push(readScalar(packed, kind as string));
      continue;
    }
    if (wireType !== expected)
      throw invalid('file', `field ${name} has wire type ${wireType}, expected ${expected}`);
    const value =
      typeof kind === 'string' ? readScalar(reader, kind) : decode(reader.bytes(), kind, depth - 1, state);
    if (list) list.push(value);
    else message[name] = value;
  }
  return message;
}

function readScalar(reader: BinaryReader, kind: string): unknown {
  const value = scalarOf(reader, kind);
  if (reader.pos > reader.len) throw invalid('file', 'a field is cut short');
  return value;
}

function scalarOf(reader: BinaryReader, kind: string): unknown {
  switch (kind) {
    case 'int32':
      return reader.int32();
    case 'int64':
      return Number(reader.int64());
    case 'uint64':
      return Number(reader.uint64());
    case 'float':
      return reader.float();
    case 'double':
      return reader.double();
    case 'string':
      return reader.string();
    default:
      return reader.bytes();
  }
}
