import type { DType } from '@whittle/core';
import { invalid, unsupported } from '../faults.js';
import { isObject, objectOf, quote } from '../file/json.js';
import type { Json } from '../file/json.js';

/** Types of TensorFlow by name and by number, and what holds them here. */
const types: readonly (readonly [string, number, DType | undefined])[] = [
  ['DT_FLOAT', 1, 'float32'],
  ['DT_DOUBLE', 2, 'float32'],
  ['DT_INT32', 3, 'int32'],
  ['DT_UINT8', 4, 'int32'],
  ['DT_INT16', 5, 'int32'],
  ['DT_INT8', 6, 'int32'],
  ['DT_INT64', 9, 'int32'],
  ['DT_BOOL', 10, 'bool'],
  ['DT_HALF', 19, 'float32'],
];

/** A node's attributes, as the JSON of a graph has them. */
export class Attributes {
  readonly #where: string;
  readonly #values: Json;

  constructor(where: string, values: unknown) {
    this.#where = where;
    this.#values = objectOf(where, values ?? {}, 'attr');
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#values, key);
  }

  boolean(key: string, otherwise = false): boolean {
    return this.#read(key, 'b', otherwise, (value) => (typeof value === 'boolean' ? value : undefined));
  }

  integer(key: string, otherwise: number): number {
    return this.#read(key, 'i', otherwise, integerOf);
  }

  number(key: string, otherwise: number): number {
    return this.#read(key, 'f', otherwise, (value) => {
      const number = typeof value === 'string' ? Number(value) : value;
      return Number.isFinite(number) ? (number as number) : undefined;
    });
  }

  /** A text, in lower case. */
  text(key: string, otherwise: string): string {
    return this.#read(key, 's', otherwise, textOf);
  }

  texts(key: string): string[] {
    return this.#list(key, 's', textOf);
  }

  integers(key: string): number[] {
    return this.#list(key, 'i', integerOf);
  }

  /** @throws OP_UNSUPPORTED for a type that nothing here holds */
  dtype(key: string, otherwise: DType): DType {
    const value = this.#value(key);
    if (value === undefined) return otherwise;
    const told = value.type;
    const type = types.find(([name, number]) => name === told || number === told);
    if (!type?.[2]) throw unsupported(this.#where, `${key} ${quote(told)}`);
    return type[2];
  }

  /** The extents of a shape, -1 where one is open; undefined where even their number is. */
  shape(key: string): number[] | undefined {
    const value = this.#value(key)?.shape;
    if (!isObject(value) || value.unknownRank === true) return undefined;
    const dims = (value.dim ?? []) as unknown;
    const extents = Array.isArray(dims)
      ? dims.map((dim: unknown) => integerOf(isObject(dim) ? dim.size : undefined))
      : [undefined];
    if (extents.some((extent) => extent === undefined)) throw this.#wrong(key, dims, 'extents');
    return extents as number[];
  }

  #value(key: string): Json | undefined {
    return this.has(key) ? objectOf(this.#where, this.#values[key], key) : undefined;
  }

  #read<T>(key: string, kind: string, otherwise: T, read: (value: unknown) => T | undefined): T {
    const value = this.#value(key);
    if (!value) return otherwise;
    // What is zero, false or empty may have been left out.
    const found = read(value[kind] ?? { b: false, i: 0, f: 0, s: '' }[kind]);
    if (found === undefined) throw this.#wrong(key, value[kind], kind);
    return found;
  }

  #list<T>(key: string, kind: string, read: (value: unknown) => T | undefined): T[] {
    const list = this.#value(key)?.list;
    const values = (isObject(list) ? list[kind] : undefined) ?? [];
    const found = Array.isArray(values) ? values.map(read) : [undefined];
    if (found.some((each) => each === undefined)) throw this.#wrong(key, values, `a list of ${kind}`);
    return found as T[];
  }

  #wrong(key: string, value: unknown, expected: string) {
    return invalid(this.#where, `${key}: found ${quote(value)}, expected ${expected}`);
  }
}

function integerOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

/** Texts are in base64, or a list of bytes. */
function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return String.fromCharCode(...(value as number[]).slice(0, 256)).toLowerCase();
  if (typeof value !== 'string') return undefined;
  try {
    return atob(value).toLowerCase();
  } catch {
    return undefined;
  }
}
