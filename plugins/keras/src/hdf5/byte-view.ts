import { damaged } from './faults.js';

/** What an address is where there is nothing. */
const nowhere = 0xffffffffffffffffn;

/** A part of a file that is read from front to back; nothing beyond its end can be. Numbers are little-endian. */
export class ByteView {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    if (!(start >= 0 && start <= end && end <= bytes.length))
      throw damaged(`bytes ${start} to ${end} of a file of ${bytes.length}`);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A length or count. @throws FORMAT_INVALID beyond 2^53 */
  u64(): number {
    const value = this.#view.getBigUint64(this.#take(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`a number of ${value}`);
    return Number(value);
  }

  /** A place in the file; undefined for none. */
  address(): number | undefined {
    const value = this.#view.getBigUint64(this.#take(8), true);
    if (value === nowhere) return undefined;
    if (value >= BigInt(this.#bytes.length))
      throw damaged(`address ${value} in a file of ${this.#bytes.length} bytes`);
    return Number(value);
  }

  /** A number of 1, 2, 4 or 8 bytes. */
  unsigned(size: number): number {
    return size === 1 ? this.u8() : size === 2 ? this.u16() : size === 4 ? this.u32() : this.u64();
  }

  skip(count: number): this {
    this.#take(count);
    return this;
  }

  /** The next bytes; no copy. */
  bytes(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** The next bytes as a view of their own. */
  part(count: number): ByteView {
    const at = this.#take(count);
    return new ByteView(this.#bytes, at, at + count);
  }

  /** @throws FORMAT_INVALID unless the next bytes are these letters */
  expect(letters: string): this {
    const found = String.fromCharCode(...this.bytes(letters.length));
    if (found !== letters) throw damaged(`found ${JSON.stringify(found)}, expected ${letters}`);
    return this;
  }

  #take(count: number): number {
    if (!(count >= 0 && count <= this.left))
      throw damaged(
        `expected ${count} bytes at byte ${this.#at} of ${this.#bytes.length}, found ${this.left}: the file is cut off or damaged`,
      );
    const at = this.#at;
    this.#at += count;
    return at;
  }
}

/** A text, up to the first zero byte. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
