/** A compiled WebAssembly module. */
export type WebAssemblyModule = object & { readonly __webAssemblyModule?: never };

/** A function of a module: integers and float32 in, nothing out. */
export type WebAssemblyFunction = (...args: readonly number[]) => void;

interface WebAssemblyInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

/** What Node brings of WebAssembly, as far as it is used here: the compiler's libraries describe it for browsers only. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<WebAssemblyModule>;
  instantiate(module: WebAssemblyModule): Promise<WebAssemblyInstance>;
}

export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
  /** By pages of 64 KiB. */
  grow(pages: number): number;
}

/** Functions that have an address. */
export interface WebAssemblyTable {
  grow(entries: number, value: WebAssemblyFunction): number;
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
