import type * as h5wasm from 'h5wasm';

export type Hdf5Library = typeof h5wasm;

let library: Promise<Hdf5Library> | undefined;
let copies = 0;

/** The HDF5 library, compiled to WebAssembly; its files live in memory. */
export function hdf5Library(): Promise<Hdf5Library> {
  return (library ??= load());
}

/**
 * Lets go of the library after a trap in it: a damaged file may have left its memory in any state. The next file gets a
 * fresh instance.
 */
export function discardHdf5Library(): void {
  library = undefined;
}

async function load(): Promise<Hdf5Library> {
  const copy = copies++;
  const loaded =
    copy === 0
      ? await import('h5wasm')
      : ((await import(`${import.meta.resolve('h5wasm')}?copy=${copy}`)) as Hdf5Library);
  const module = await loaded.ready;
  // Without this, HDF5 prints its errors to standard error and goes on.
  module.activate_throwing_error_handler();
  return loaded;
}
