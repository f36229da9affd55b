interface Memory {
  readonly buffer: { readonly byteLength: number };
  grow(pages: number): number;
}

const pageBytes = 1 << 16;

/**
 * Calls `action` while no WebAssembly memory grows beyond `bytes`: a damaged size in a file may ask a library for any
 * amount, and libraries say no bound of their own. What may not grow takes it for a lack of memory.
 */
export function withMemoryLimit<T>(bytes: number, action: () => T): T {
  const { prototype } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: Memory } } })
    .WebAssembly.Memory;
  const { grow } = prototype;
  prototype.grow = function (this: Memory, pages: number): number {
    const wanted = this.buffer.byteLength + pages * pageBytes;
    if (wanted > bytes) throw new RangeError(`${wanted} bytes of memory, expected at most ${bytes}`);
    return grow.call(this, pages);
  };
  try {
    return action();
  } finally {
    prototype.grow = grow;
  }
}
