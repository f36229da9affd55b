export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}

/** A compiled module at work. */
export interface WebAssemblyInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

type WebAssemblyModule = object & { readonly __webAssemblyModule?: never };

/** What Node brings of WebAssembly, as far as it is used here: the compiler's libraries describe it for browsers only. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => WebAssemblyModule;
  readonly Instance: new (module: WebAssemblyModule, imports: object) => WebAssemblyInstance;
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
