import type { ConstantArray, StructFields } from '@whittle/kernel-api';

const WIDTH = 108;

/** The C type of a constant's elements. */
export function cElementType(data: ConstantArray): string {
  if (data instanceof Float32Array) return 'float';
  const sign =
    data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Uint32Array ? 'u' : '';
  return `${sign}int${8 * data.BYTES_PER_ELEMENT}_t`;
}

/** An integer of at most 32 bits as a C constant expression of its own type. */
export function cInteger(value: number): string {
  // -2147483648 is a minus before a constant too large for int.
  return value === -2147483648 ? '(-2147483647 - 1)' : String(value);
}

/** A float32 value, exactly, in hexadecimal. */
export function cFloat(value: number): string {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) throw new RangeError(`no C literal for ${value}`);
  if (single === 0) return Object.is(single, -0) ? '-0.0f' : '0.0f';
  let exponent = 0;
  let fraction = Math.abs(single);
  for (; fraction >= 2; fraction /= 2) exponent++;
  for (; fraction < 1; fraction *= 2) exponent--;
  const digits = ((fraction - 1) * 2 ** 24).toString(16).padStart(6, '0').replace(/0+$/, '');
  return `${single < 0 ? '-' : ''}0x1${digits ? `.${digits}` : ''}p${exponent}f`;
}

/** A float32 value, exactly, in decimal: for C++ before C++17 too, which has no hexadecimal literals. */
export function cDecimalFloat(value: number): string {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) throw new RangeError(`no C literal for ${value}`);
  for (let digits = 1; ; digits++) {
    const text = String(Number(single.toPrecision(digits)));
    if (Math.fround(Number(text)) === single) return `${/[.e]/.test(text) ? text : `${text}.0`}f`;
  }
}

/** The elements of an array in braces, wrapped. */
export function cArray(data: ConstantArray): string {
  const literals = Array.from(data as ArrayLike<number>, data instanceof Float32Array ? cFloat : cInteger);
  const lines: string[] = [];
  let line = ' ';
  for (const literal of literals) {
    if (line.length + literal.length + 2 > WIDTH) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${literal},`;
  }
  return `{\n${[...lines, line].join('\n')}\n}`;
}

/** A struct's designated initializer, wrapped. */
export function cStruct(fields: StructFields): string {
  const lines: string[] = [];
  let line = ' ';
  for (const [name, value] of Object.entries(fields)) {
    const literal = typeof value === 'number' ? cInteger(value) : `{${value.map(cInteger).join(', ')}}`;
    const item = ` .${name} = ${literal},`;
    if (line.length + item.length > WIDTH && line !== ' ') {
      lines.push(line);
      line = ' ';
    }
    line += item;
  }
  return `{\n${[...lines, line].join('\n')}\n}`;
}
