import { inflateRawSync } from 'node:zlib';
import { WhittleError } from '@whittle/core';
import { crc32 } from './crc32.js';

/** Signatures and sizes of a zip archive's records, without names and comments. */
const LOCAL = { signature: 0x04034b50, bytes: 30 };
const CENTRAL = { signature: 0x02014b50, bytes: 46 };
const END = { signature: 0x06054b50, bytes: 22 };
const LONGEST_COMMENT = 0xffff;
/** 1 January 1980, the first day that the format has. */
const DATE = 33;
const VERSION = 20;

/** Unpacked files take at most this many times the bytes of the whole. */
const EXPANSION = 4;

/**
 * Appends files to a .tflite file, as a zip archive of stored members: TFLite Metadata keeps labels so. Offsets count from the
 * start of the whole. Without files the bytes stay as they are.
 */
export function appendFiles(bytes: Uint8Array, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  if (files.size === 0) return bytes;
  const parts: Uint8Array[] = [bytes];
  const directory: Uint8Array[] = [];
  let at = bytes.length;
  for (const [name, data] of files) {
    const encoded = new TextEncoder().encode(name);
    // Flag 11: the name is UTF-8.
    const shared = [
      [2, VERSION],
      [2, 1 << 11],
      [2, 0],
      [2, 0],
      [2, DATE],
      [4, crc32(data)],
    ] as const;
    const sizes = [
      [4, data.length],
      [4, data.length],
      [2, encoded.length],
      [2, 0],
    ] as const;
    directory.push(
      record([
        [4, CENTRAL.signature],
        [2, VERSION],
        ...shared,
        ...sizes,
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, at],
      ]),
      encoded,
    );
    const member = [record([[4, LOCAL.signature], ...shared, ...sizes]), encoded, data];
    parts.push(...member);
    at += lengthOf(member);
  }
  const count = files.size;
  const size = lengthOf(directory);
  const end = record([
    [4, END.signature],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, size],
    [4, at],
    [2, 0],
  ]);
  return joined([...parts, ...directory, end]);
}

/**
 * The named files of a zip archive at the end of a .tflite file; those that aren't there are left out, and none is there where
 * no archive is. Offsets count from the start of the archive or of the whole.
 * @throws FORMAT_INVALID where the archive is damaged, or unpacks to many times the bytes of the whole
 */
export function appendedFiles(bytes: Uint8Array, names: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  if (end === undefined) return found;
  const size = view.getUint32(end + 12, true);
  const start = end - size;
  const shift = start - view.getUint32(end + 16, true);
  if (start < 0 || shift < 0) throw damaged('the directory lies outside of the file');
  const budget = { bytes: EXPANSION * bytes.length };
  let at = start;
  while (at + CENTRAL.bytes <= end && view.getUint32(at, true) === CENTRAL.signature) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const next = at + CENTRAL.bytes + name + extra + comment;
    if (next > end) throw damaged('a directory entry lies outside of the directory');
    const called = new TextDecoder().decode(bytes.subarray(at + CENTRAL.bytes, at + CENTRAL.bytes + name));
    if (names.includes(called) && !found.has(called)) found.set(called, unpacked(view, at, shift, budget));
    at = next;
  }
  return found;
}

/** Where the end record begins: it is the last thing, but for a comment. */
function endOf(view: DataView): number | undefined {
  const last = view.byteLength - END.bytes;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--)
    if (view.getUint32(at, true) === END.signature && view.getUint16(at + 20, true) === last - at) return at;
  return undefined;
}

/** What the member of a directory entry holds. */
function unpacked(view: DataView, entry: number, shift: number, budget: { bytes: number }): Uint8Array {
  const method = view.getUint16(entry + 10, true);
  const [checksum, packed, size] = [16, 20, 24].map((offset) => view.getUint32(entry + offset, true));
  const local = shift + view.getUint32(entry + 42, true);
  if (local + LOCAL.bytes > view.byteLength || view.getUint32(local, true) !== LOCAL.signature)
    throw damaged('a member is not where the directory says');
  const start = local + LOCAL.bytes + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > view.byteLength) throw damaged('a member lies outside of the file');
  budget.bytes -= size;
  if (budget.bytes < 0) throw damaged('it unpacks to many times the size of the file');
  const data = new Uint8Array(view.buffer, view.byteOffset + start, packed);
  const plain = method === 0 ? data : method === 8 ? inflated(data, size) : undefined;
  if (!plain) throw damaged(`a member is packed by method ${method}, expected 0 or 8`);
  if (plain.length !== size || crc32(plain) !== checksum) throw damaged('a member is not what it was');
  return plain;
}

function inflated(data: Uint8Array, size: number): Uint8Array {
  try {
    return new Uint8Array(inflateRawSync(data, { maxOutputLength: Math.max(size, 1) }));
  } catch (error) {
    throw damaged((error as Error).message);
  }
}

/** Little-endian numbers of 2 or 4 bytes, one after the other. */
function record(fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function damaged(message: string): WhittleError {
  return new WhittleError('FORMAT_INVALID', `.tflite: appended archive: ${message}`);
}
