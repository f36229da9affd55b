import type * as h5wasm from 'h5wasm';

export type Hdf5Library = typeof h5wasm;

let current: Promise<Hdf5Library> | undefined;
let copies = 0;

/** Loads the HDF5 library, compiled to WebAssembly, unless it is; its files live in memory. */
function load(): Promise<Hdf5Library> {
  return (current ??= loadCopy(copies++));
}

async function loadCopy(copy: number): Promise<Hdf5Library> {
  const library =
    copy === 0
      ? await import('h5wasm')
      : ((await import(`${import.meta.resolve('h5wasm')}?copy=${copy}`)) as Hdf5Library);
  const module = await library.ready;
  // Without this, HDF5 prints its errors to standard error and goes on.
  module.activate_throwing_error_handler();
  return library;
}

/** What goes wrong in the library itself: a damaged file may have left its memory in any state. */
export function isTrap(error: unknown): boolean {
  return error instanceof Error && error.name === 'RuntimeError';
}

/**
 * Calls `use` with the library, which nothing else uses meanwhile. Where `use` returns false, the library is thrown away, and
 * the next file gets a fresh one.
 */
export async function withHdf5Library(use: (library: Hdf5Library) => boolean): Promise<void> {
  for (;;) {
    const loading = load();
    const library = await loading;
    // It may have been thrown away in the meantime.
    if (loading !== current) continue;
    if (use(library)) return;
    current = undefined;
    // The loader keeps modules forever: what holds the memory has to go by itself.
    for (const held of [library.Module, library.FS])
      if (held) for (const key of Reflect.ownKeys(held)) Reflect.deleteProperty(held, key);
    return;
  }
}
