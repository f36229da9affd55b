/** The buffers of a file, each content once. Buffer 0 is the empty one. */
export class BufferPool {
  readonly buffers: Uint8Array[] = [new Uint8Array(0)];
  readonly #byHash = new Map<number, number[]>();

  /** The index of a buffer with these bytes. */
  add(bytes: Uint8Array): number {
    const hash = hashOf(bytes);
    const candidates = this.#byHash.get(hash) ?? [];
    const known = candidates.find((index) => equal(this.buffers[index], bytes));
    if (known !== undefined) return known;
    this.#byHash.set(hash, [...candidates, this.buffers.length]);
    return this.buffers.push(bytes) - 1;
  }
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
