import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WhittleError } from '@whittle/core';
import type { TensorInfo, WasmBackend } from './wasm-backend.js';
import { webAssembly } from './web-assembly.js';
import type { WebAssemblyInstance } from './web-assembly.js';

/** The compiled kernels of the folder `kernels`, which `build-kernels.ts` makes. */
export const kernelModulePath = fileURLToPath(new URL('../../wasm/kernels.wasm', import.meta.url));

const stackBytes = 65_536;

/**
 * This package's kernels, working in the memory of tfjs's own module: tensors are handed over by their addresses, and nothing
 * is copied.
 */
export class KernelModule {
  readonly #backend: WasmBackend;
  readonly #exports: WebAssemblyInstance['exports'];

  /** @throws TARGET_UNAVAILABLE where the kernels were not built */
  constructor(backend: WasmBackend) {
    this.#backend = backend;
    const { memory } = backend.wasm.asm;
    this.#exports = new webAssembly.Instance(new webAssembly.Module(readKernels()), {
      env: { memory },
    }).exports;
    // The module has no memory of its own: its stack is a piece of tfjs's heap.
    (this.#exports.__stack_pointer as { value: number }).value = this.#allocate(stackBytes) + stackBytes;
  }

  /** Calls a kernel with numbers and addresses. */
  run(name: string, ...args: readonly number[]): void {
    (this.#exports[name] as (...args: readonly number[]) => void)(...args);
  }

  /** A new tensor, of undefined contents. */
  output(shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): TensorInfo {
    const made = this.#backend.makeOutput([...shape], dtype);
    if (this.address(made) === 0) throw outOfMemory(shape.reduce((size, n) => size * n, 4));
    return made;
  }

  /** Another tensor with the same elements, of which there is one copy. */
  share({ dataId, shape, dtype }: TensorInfo): TensorInfo {
    this.#backend.incRef(dataId);
    return { dataId, shape, dtype };
  }

  address({ dataId }: TensorInfo): number {
    return this.#backend.dataIdMap.get(dataId).memoryOffset;
  }

  /** The elements of a tensor; the view ends with the next tensor that is made. */
  floats(info: TensorInfo): Float32Array {
    return this.#view(
      this.address(info),
      info.shape.reduce((size, n) => size * n, 1),
    );
  }

  /** The same of int32. */
  integers(info: TensorInfo): Int32Array {
    const { buffer, byteOffset, length } = this.floats(info);
    return new Int32Array(buffer, byteOffset, length);
  }

  /** Lends memory for so many floats. */
  lend<T>(floats: number, use: (address: number, view: () => Float32Array) => T): T {
    const address = this.#allocate(4 * floats);
    try {
      return use(address, () => this.#view(address, floats));
    } finally {
      this.#backend.wasm._free(address);
    }
  }

  /** Lends a struct of 32-bit integers. */
  lendStruct<T>(fields: readonly number[], use: (address: number) => T): T {
    return this.lend(fields.length, (address, view) => {
      const { buffer, byteOffset } = view();
      new Int32Array(buffer, byteOffset, fields.length).set(fields);
      return use(address);
    });
  }

  #view(address: number, floats: number): Float32Array {
    return new Float32Array(this.#backend.wasm.asm.memory.buffer, address, floats);
  }

  #allocate(bytes: number): number {
    const address = this.#backend.wasm._malloc(bytes) >>> 0;
    if (address === 0) throw outOfMemory(bytes);
    return address;
  }
}

function readKernels(): Uint8Array {
  try {
    return readFileSync(kernelModulePath);
  } catch (cause) {
    throw new WhittleError(
      'TARGET_UNAVAILABLE',
      `${kernelModulePath} is missing: 'npm run setup' compiles it where there are clang and wasm-ld`,
      { cause },
    );
  }
}

function outOfMemory(bytes: number): WhittleError {
  return new WhittleError(
    'TARGET_UNAVAILABLE',
    `WebAssembly has no room for another ${bytes} bytes; a smaller batch may help`,
  );
}
