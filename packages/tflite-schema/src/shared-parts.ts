import type { Builder, Offset } from 'flatbuffers';

/** What the schema's generated objects have in common. */
export interface Packable {
  pack(builder: Builder): Offset;
}

/** Parts of a flatbuffer by their content: a part that occurs again is not written again. */
export class SharedParts {
  readonly #offsets = new Map<string, Offset>();

  constructor(readonly builder: Builder) {}

  /** The offset of the part; `write` is called for the first of its `kind` and `content` only. */
  once(kind: string, content: unknown, write: (builder: Builder) => Offset): Offset {
    const key = `${kind} ${contentKey(content)}`;
    let offset = this.#offsets.get(key);
    if (offset === undefined) this.#offsets.set(key, (offset = write(this.builder)));
    return offset;
  }

  /** A generated object of scalars and lists; 0 for none. */
  object(kind: string, object: Packable | null): Offset {
    return object === null ? 0 : this.once(kind, object, (builder) => object.pack(builder));
  }

  /** A list that is left out where it is empty. */
  list<T>(kind: string, list: readonly T[], write: (builder: Builder) => Offset): Offset {
    return list.length === 0 ? 0 : this.once(kind, list, write);
  }

  /** A string that is left out where there is none. */
  text(text: string | Uint8Array | null): Offset {
    return text === null ? 0 : this.once('text', text, (builder) => builder.createString(text));
  }
}

/** Equal for equal plain values only: unlike JSON it tells 0 from -0 and NaN from null, and knows bigint. */
function contentKey(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (ArrayBuffer.isView(value)) return `bytes[${Array.from(value as Uint8Array, contentKey).join()}]`;
  if (Array.isArray(value)) return `[${value.map(contentKey).join()}]`;
  return `{${Object.entries(value)
    .map(([name, field]) => `${name}:${contentKey(field)}`)
    .join()}}`;
}
