import { WhittleError } from '@whittle/core';
import type { StructFields } from '@whittle/kernel-api';

/** A field of a C struct: integers of one type, one or several. */
interface StructField {
  readonly name: string;
  readonly signed: boolean;
  /** Bytes of an integer, which is also its alignment. */
  readonly size: 1 | 2 | 4;
  readonly count: number;
  readonly offset: number;
}

export interface StructLayout {
  readonly type: string;
  readonly bytes: number;
  readonly fields: readonly StructField[];
}

/**
 * The parameter structs that kernel headers declare, as C lays them out: each field at the next multiple of its size. The
 * headers are the one description there is.
 */
export class StructLayouts {
  readonly #bodies = new Map<string, string>();
  readonly #layouts = new Map<string, StructLayout>();

  constructor(headers: Iterable<string>) {
    for (const header of headers) {
      const code = header.replace(/\/\*[^]*?\*\//g, '').replace(/^#.*$/gm, '');
      for (const [, body, type] of code.matchAll(/typedef struct \{([^{}]*)\}\s*(\w+);/g))
        this.#bodies.set(type, body);
    }
  }

  /** @throws FORMAT_INVALID where no header declares the type, or a field isn't integers */
  of(type: string): StructLayout {
    const known = this.#layouts.get(type);
    if (known) return known;
    const body = this.#bodies.get(type);
    if (body === undefined) throw new WhittleError('FORMAT_INVALID', `no kernel header declares ${type}`);
    const layout = layOut(type, body);
    this.#layouts.set(type, layout);
    return layout;
  }
}

function layOut(type: string, body: string): StructLayout {
  const fields: StructField[] = [];
  let end = 0;
  let alignment = 1;
  for (const declaration of body.split(';').map((text) => text.trim())) {
    if (declaration === '') continue;
    const match = /^(?:const )?(u?)int(8|16|32)_t (.+)$/s.exec(declaration);
    if (!match) throw unreadable(type, declaration);
    const size = (Number(match[2]) / 8) as StructField['size'];
    for (const declarator of match[3].split(',')) {
      const parts = /^(\w+)(?:\[(\d+)\])?$/.exec(declarator.trim());
      if (!parts) throw unreadable(type, declaration);
      const [, name, length] = parts;
      const offset = roundUp(end, size);
      const count = length === undefined ? 1 : Number(length);
      fields.push({ name, signed: match[1] === '', size, count, offset });
      end = offset + size * count;
    }
    alignment = Math.max(alignment, size);
  }
  return { type, bytes: roundUp(end, alignment), fields };
}

/** The bytes of a struct, little-endian. @throws FORMAT_INVALID where fields are missing, unknown, or don't fit */
export function encodeStruct({ type, bytes, fields }: StructLayout, values: StructFields): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes));
  const unknown = Object.keys(values).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined) throw new WhittleError('FORMAT_INVALID', `${type} has no field ${unknown}`);
  for (const { name, signed, size, count, offset } of fields) {
    // As in a C initializer, what is left out is 0.
    const list = [values[name] ?? 0].flat();
    if (list.length > count)
      throw new WhittleError('FORMAT_INVALID', `${type}.${name} holds ${count} values, found ${list.length}`);
    list.forEach((value, i) => {
      const low = signed ? -(2 ** (8 * size - 1)) : 0;
      if (!Number.isInteger(value) || value < low || value >= low + 2 ** (8 * size))
        throw new WhittleError('FORMAT_INVALID', `${type}.${name} can't hold ${value}`);
      const at = offset + i * size;
      if (size === 1) view.setUint8(at, value);
      else if (size === 2) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
    });
  }
  return new Uint8Array(view.buffer);
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

function unreadable(type: string, declaration: string): WhittleError {
  return new WhittleError('FORMAT_INVALID', `${type}: '${declaration}' declares no integers`);
}
