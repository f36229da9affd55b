/** Bytes one after the other; numbers are little-endian. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  bytes(...parts: readonly Uint8Array[]): this {
    for (const part of parts) {
      this.#parts.push(part);
      this.#length += part.length;
    }
    return this;
  }

  text(text: string): this {
    return this.bytes(new TextEncoder().encode(text));
  }

  u8(...values: readonly number[]): this {
    return this.bytes(Uint8Array.from(values));
  }

  u16(...values: readonly number[]): this {
    return this.bytes(new Uint8Array(Uint16Array.from(values).buffer));
  }

  u32(...values: readonly number[]): this {
    return this.bytes(new Uint8Array(Uint32Array.from(values).buffer));
  }

  u64(...values: readonly (number | bigint)[]): this {
    return this.bytes(new Uint8Array(BigUint64Array.from(values.map(BigInt)).buffer));
  }

  /** Zeros up to a multiple of `bytes`. */
  align(bytes: number): this {
    return this.bytes(new Uint8Array((bytes - (this.#length % bytes)) % bytes));
  }

  finish(): Uint8Array {
    const joined = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }
}
