import { ByteWriter } from './byte-writer.js';

/** What a field holds: an integer, a text, bytes, a message, or several of these. */
export type FieldValue = number | bigint | string | Uint8Array | readonly FieldValue[];

/** A message of protobuf, by the numbers of its fields. */
export function message(fields: Readonly<Record<number, FieldValue>>): Uint8Array {
  const writer = new ByteWriter();
  for (const [number, value] of Object.entries(fields)) {
    const all = Array.isArray(value) ? (value as readonly FieldValue[]) : [value];
    for (const each of all) {
      if (typeof each === 'number' || typeof each === 'bigint')
        writer.u8(...varint(BigInt(number) << 3n)).u8(...varint(BigInt.asUintN(64, BigInt(each))));
      else {
        const bytes = typeof each === 'string' ? new TextEncoder().encode(each) : (each as Uint8Array);
        writer.u8(...varint((BigInt(number) << 3n) | 2n), ...varint(BigInt(bytes.length))).bytes(bytes);
      }
    }
  }
  return writer.finish();
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}
