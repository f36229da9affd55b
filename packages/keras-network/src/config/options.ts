import { invalid, quote, unsupported } from '../faults.js';

/** Extents that a model may have along one axis; larger ones are taken for damage. */
export const largestExtent = 1 << 22;

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** @throws FORMAT_INVALID where it is no object */
export function objectOf(where: string, value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(where, `${what}: found ${quote(value)}, expected an object`);
  return value as Json;
}

/** A layer's configuration, read with types. What is null counts as left out. */
export class Options {
  readonly where: string;
  readonly values: Json;

  constructor(where: string, values: Json) {
    this.where = where;
    this.values = values;
  }

  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  get(key: string): unknown {
    return Object.hasOwn(this.values, key) ? this.values[key] : undefined;
  }

  boolean(key: string, otherwise: boolean): boolean {
    return this.#read(key, otherwise, 'true or false', (value) =>
      typeof value === 'boolean' ? value : undefined,
    );
  }

  number(key: string, otherwise?: number): number {
    return this.#read(key, otherwise, 'a number', (value) => numberOf(value));
  }

  integer(key: string, otherwise?: number): number {
    return this.#read(key, otherwise, 'an integer', (value) =>
      Number.isSafeInteger(value) ? (value as number) : undefined,
    );
  }

  /** An extent: an integer from 1. */
  extent(key: string, otherwise?: number): number {
    return this.#read(key, otherwise, 'a positive integer', (value) => (isExtent(value) ? value : undefined));
  }

  text(key: string, otherwise?: string): string {
    return this.#read(key, otherwise, 'a text', (value) => (typeof value === 'string' ? value : undefined));
  }

  /** One of several texts. @throws OP_UNSUPPORTED where it is another */
  oneOf<T extends string>(key: string, allowed: readonly T[], otherwise?: T): T {
    const found = this.text(key, otherwise);
    if (!allowed.includes(found as T))
      throw unsupported(this.where, `${key} ${quote(found)}, expected ${allowed.join(', ')}`);
    return found as T;
  }

  /** Extents of `count` axes; one number, or a list of one, stands for all. */
  extents(key: string, count: number, otherwise?: number): number[] {
    return this.#read(
      key,
      otherwise === undefined ? undefined : new Array<number>(count).fill(otherwise),
      `${count} positive integers`,
      (value) => {
        const list = Array.isArray(value) ? (value as unknown[]) : [value];
        const all = list.length === 1 ? new Array<unknown>(count).fill(list[0]) : list;
        return all.length === count && all.every(isExtent) ? all : undefined;
      },
    );
  }

  integers(key: string, otherwise?: readonly number[]): number[] {
    return this.#read(key, otherwise && [...otherwise], 'integers', (value) => {
      const list = Array.isArray(value) ? (value as unknown[]) : [value];
      return list.every((each): each is number => Number.isSafeInteger(each)) ? list : undefined;
    });
  }

  /** Numbers in any nesting, row by row. */
  numbers(key: string): number[] {
    return this.#read(key, undefined, 'numbers', (value) => {
      const list = [value].flat(8).map(numberOf);
      return list.every((each) => each !== undefined) ? list : undefined;
    });
  }

  /** @throws OP_UNSUPPORTED unless the value is the only one that can be read */
  only(key: string, expected: boolean): void {
    if (this.boolean(key, expected) !== expected) throw unsupported(this.where, `${key}: ${!expected}`);
  }

  #read<T>(
    key: string,
    otherwise: T | undefined,
    expected: string,
    read: (value: unknown) => T | undefined,
  ): T {
    const value = this.get(key);
    const found = value === undefined || value === null ? otherwise : read(value);
    if (found === undefined) throw invalid(this.where, `${key}: found ${quote(value)}, expected ${expected}`);
    return found;
  }
}

function isExtent(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= largestExtent;
}

/** A number as JSON has it, or as Keras writes those of numpy. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const config = typeof value === 'object' && value !== null ? (value as Json).config : undefined;
  const inner = typeof config === 'object' && config !== null ? (config as Json).value : undefined;
  return typeof inner === 'number' ? inner : undefined;
}
