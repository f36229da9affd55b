import { invalid } from '../faults.js';

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** JSON nested deeper than this is taken for damage. */
const deepest = 256;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws FORMAT_INVALID where it is no object */
export function objectOf(where: string, value: unknown, what: string): Json {
  if (!isObject(value)) throw invalid(where, `${what}: found ${quote(value)}, expected an object`);
  return value;
}

/** @throws FORMAT_INVALID where it is no list */
export function listOf(where: string, value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(where, `${what}: found ${quote(value)}, expected a list`);
  return value as readonly unknown[];
}

/** @throws FORMAT_INVALID where it is no text */
export function textOf(where: string, value: unknown, what: string): string {
  if (typeof value !== 'string') throw invalid(where, `${what}: found ${quote(value)}, expected a text`);
  return value;
}

/** A value from a file, short enough for a message. */
export function quote(value: unknown): string {
  const text =
    typeof value === 'object' && value !== null
      ? Array.isArray(value)
        ? `a list of ${value.length}`
        : 'an object'
      : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** @throws FORMAT_INVALID where bytes are no JSON, or JSON nested too deep */
export function parseJson(where: string, bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    checkDepth(where, text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw invalid(
        where,
        `no valid JSON in ${bytes.length} bytes: ${error.message}; it is cut off or damaged`,
        error,
      );
    throw error;
  }
}

function checkDepth(where: string, text: string): void {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 0x5c) i++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > deepest) throw invalid(where, `JSON nested deeper than ${deepest}`);
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
}
