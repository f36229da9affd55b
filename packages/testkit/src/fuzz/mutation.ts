import { createRandom } from '@whittle/core';
import type { RandomStream } from '@whittle/core';

/** Numbers that readers trip over where a file holds a length, an offset, an extent or an index. */
const extremes = [0, 1, -1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, -0x80000000, 0x10000000, 1e9, 2 ** 40];

/** What texts are damaged with: extents, nesting, other types, names of what isn't theirs. */
const texts = [
  ...['-1', '0', '1e999', '99999999999999999999', '1.5', 'null', 'true', '""', '[]', '{}', 'NaN'],
  ...['"__proto__"', '"constructor"', '"../../../etc/passwd"', '\u0000', '[1e9,1e9,1e9]'],
];

/** Something that is done to a file, in place where it keeps its length. */
type Damage = (bytes: Uint8Array, draw: RandomStream) => Uint8Array;

const place = (bytes: Uint8Array, draw: RandomStream, width = 1) =>
  draw.int(Math.max(1, bytes.length - width + 1));

/** Part of a file: where it begins and ends. Short ones are as likely as long ones. */
function part(bytes: Uint8Array, draw: RandomStream): readonly [number, number] {
  const length = Math.min(bytes.length, 2 ** draw.int(13));
  const start = place(bytes, draw, length);
  return [start, start + length];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of parts) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}

const flipBits: Damage = (bytes, draw) => {
  for (let left = 1 + draw.int(6); left > 0; left--) bytes[place(bytes, draw)] ^= 1 << draw.int(8);
  return bytes;
};

const setByte: Damage = (bytes, draw) => {
  bytes[place(bytes, draw)] = draw.int(256);
  return bytes;
};

/** An integer of 16, 32 or 64 bits, aligned to its width more often than not: an extreme, or a bit more or less. */
const setInteger: Damage = (bytes, draw) => {
  const width = [2, 4, 8][draw.int(3)];
  if (bytes.length < width) return setByte(bytes, draw);
  let at = place(bytes, draw, width);
  if (draw.int(4) > 0) at -= at % width;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const little = draw.int(5) > 0;
  const change = draw.int(9) - 4;
  const extreme = extremes[draw.int(extremes.length)];
  const keep = draw.int(2) === 0;
  if (width === 2) view.setInt16(at, keep ? view.getInt16(at, little) + change : extreme, little);
  else if (width === 4) view.setInt32(at, keep ? view.getInt32(at, little) + change : extreme, little);
  else view.setBigInt64(at, keep ? view.getBigInt64(at, little) + BigInt(change) : BigInt(extreme), little);
  return bytes;
};

const cutEnd: Damage = (bytes, draw) => bytes.slice(0, place(bytes, draw));

const removePart: Damage = (bytes, draw) => {
  const [start, end] = part(bytes, draw);
  return joined(bytes.subarray(0, start), bytes.subarray(end));
};

const repeatPart: Damage = (bytes, draw) => {
  const [start, end] = part(bytes, draw);
  return joined(bytes.subarray(0, end), bytes.subarray(start, end), bytes.subarray(end));
};

/** One part over another: references that go in circles, tables of another kind. */
const copyPart: Damage = (bytes, draw) => {
  const [start, end] = part(bytes, draw);
  bytes.copyWithin(place(bytes, draw, end - start), start, end);
  return bytes;
};

const fillPart: Damage = (bytes, draw) => {
  const [start, end] = part(bytes, draw);
  return bytes.fill([0, 0xff, 0x80][draw.int(3)], start, Math.min(end, start + 64));
};

/** A number of a text, or a quoted word, becomes something else. */
const changeText: Damage = (bytes, draw) => {
  const from = place(bytes, draw);
  const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
  const start = bytes.subarray(from).findIndex(isDigit);
  if (start < 0) return setByte(bytes, draw);
  let end = from + start;
  while (end < bytes.length && isDigit(bytes[end])) end++;
  const text = new TextEncoder().encode(texts[draw.int(texts.length)]);
  return joined(bytes.subarray(0, from + start), text, bytes.subarray(end));
};

/** Brackets within brackets, deeper than any reader should follow. */
const nest: Damage = (bytes, draw) => {
  const at = place(bytes, draw);
  const deep = new Uint8Array(20_000).fill([0x5b, 0x7b, 0x28][draw.int(3)]);
  return joined(bytes.subarray(0, at), deep, bytes.subarray(at));
};

/** The more often named the more often done. */
const damages: readonly Damage[] = [
  ...[flipBits, flipBits, setByte, setInteger, setInteger, setInteger, setInteger, cutEnd],
  ...[removePart, repeatPart, copyPart, copyPart, fillPart, changeText, changeText],
];

/**
 * A damaged copy of a file: bits flipped, lengths and other numbers changed, parts cut off, taken out, repeated or put over
 * others, texts changed and nested. The same one for a seed and an index, at any time.
 */
export function mutation(bytes: Uint8Array, seed: number, index: number): Uint8Array {
  const draw = createRandom(seed).at('mutation', index);
  if (draw.int(200) === 0) return nest(bytes, draw);
  let damaged: Uint8Array = bytes.slice();
  for (let left = 1 + (draw.int(3) === 0 ? draw.int(4) : 0); left > 0 && damaged.length > 0; left--)
    damaged = damages[draw.int(damages.length)](damaged, draw);
  return damaged;
}
