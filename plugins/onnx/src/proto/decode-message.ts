import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { WhittleError } from '@whittle/core';
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

/** A message that is being read, and the field of it that is. */
interface Part {
  readonly reader: BinaryReader;
  /** Where it begins in the file. */
  readonly start: number;
  field: string;
  /** Which one, where the field is a list. */
  index?: number;
}

interface Decoding {
  readonly fileBytes: number;
  /** From the model down to the message that is being read. */
  readonly parts: Part[];
  messages: number;
}

/**
 * Decodes a message by its schema. Bytes are parts of `bytes`, not copies; 64-bit integers become numbers, the nearest one
 * where they are beyond 2^53.
 * @throws FORMAT_INVALID, which says where
 */
export function decodeMessage(bytes: Uint8Array, schema: MessageSchema): Message {
  const decoding: Decoding = { fileBytes: bytes.length, parts: [], messages: 0 };
  try {
    return decode(bytes, 0, schema, decoding);
  } catch (error) {
    if (error instanceof Error && error.name === 'WhittleError') throw error;
    throw damaged(decoding, `no valid protobuf (${error instanceof Error ? error.message : error})`, error);
  }
}

function decode(bytes: Uint8Array, start: number, schema: MessageSchema, decoding: Decoding): Message {
  if (decoding.parts.length === deepest) throw damaged(decoding, `messages nested more than ${deepest} deep`);
  if (++decoding.messages > mostMessages) throw damaged(decoding, `more than ${mostMessages} messages`);
  const fields = schema();
  const reader = new BinaryReader(bytes);
  const part: Part = { reader, start, field: '' };
  decoding.parts.push(part);
  const message: Record<string, unknown> = {};
  while (reader.pos < reader.len) {
    part.field = '';
    part.index = undefined;
    const [number, wireType] = reader.tag();
    const field = fields.get(number);
    if (!field) {
      if (wireType === WireType.LengthDelimited) takeBytes(decoding);
      else reader.skip(wireType, number);
      continue;
    }
    const { kind, name } = field;
    part.field = name;
    const expected = typeof kind === 'string' ? wireTypes[kind] : WireType.LengthDelimited;
    const list = field.repeated ? ((message[name] ??= []) as unknown[]) : undefined;
    if (list) part.index = list.length;
    if (list && wireType === WireType.LengthDelimited && expected !== WireType.LengthDelimited) {
      const packed = new BinaryReader(takeBytes(decoding));
      while (packed.pos < packed.len) list.push(readScalar(packed, kind as string, decoding));
      continue;
    }
    if (wireType !== expected) throw damaged(decoding, `wire type ${wireType}, expected ${expected}`);
    const value = typeof kind === 'string' ? readScalar(reader, kind, decoding) : decodePart(kind, decoding);
    if (list) list.push(value);
    else message[name] = value;
  }
  decoding.parts.pop();
  return message;
}

/** The message that is the next field of the one that is being read. */
function decodePart(schema: MessageSchema, decoding: Decoding): Message {
  const bytes = takeBytes(decoding);
  const { reader, start } = decoding.parts[decoding.parts.length - 1];
  return decode(bytes, start + reader.pos - bytes.length, schema, decoding);
}

/** The next field's bytes, of the length that it says. */
function takeBytes(decoding: Decoding): Uint8Array {
  const { reader } = decoding.parts[decoding.parts.length - 1];
  expectWhole(reader, decoding);
  return reader.bytes();
}

/** @throws FORMAT_INVALID where the next field says that it is longer than what there is of the message */
function expectWhole(reader: BinaryReader, decoding: Decoding): void {
  const { pos } = reader;
  const length = reader.uint32();
  const left = reader.len - reader.pos;
  if (length > left) throw damaged(decoding, `${length} bytes, where ${left} are left`);
  reader.pos = pos;
}

function readScalar(reader: BinaryReader, kind: string, decoding: Decoding): unknown {
  if (kind === 'string' || kind === 'bytes') expectWhole(reader, decoding);
  const value = scalarOf(reader, kind);
  if (reader.pos > reader.len) throw damaged(decoding, 'a number is cut short');
  return value;
}

/** What is wrong, with the field and the byte, and whether the file ends there. */
function damaged({ parts, fileBytes }: Decoding, message: string, cause?: unknown): WhittleError {
  const path = parts
    .filter(({ field }) => field !== '')
    .map(({ field, index }) => (index === undefined ? field : `${field}[${index}]`));
  const last = parts.at(-1);
  const at = last ? last.start + Math.min(last.reader.pos, last.reader.len) : 0;
  const where = ['model', ...path].join('.');
  return invalid(
    'file',
    `${where}, at byte ${at} of ${fileBytes}: ${message}; the file is cut off or damaged`,
    cause,
  );
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
