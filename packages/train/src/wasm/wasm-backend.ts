import type { TensorFlow, TfTensor } from '../tensorflow.js';
import type { WebAssemblyMemory } from './web-assembly.js';

/** tfjs's name of its backend in WebAssembly. */
export const wasmBackend = 'wasm';

/** A tensor as kernels see it. */
export type TensorInfo = Pick<TfTensor, 'dataId' | 'shape' | 'dtype'>;

/** What tfjs's WebAssembly backend offers to kernels of others; most of it isn't in its published types. */
export interface WasmBackend {
  readonly wasm: {
    /** Exports of the compiled module. */
    readonly asm: { readonly memory: WebAssemblyMemory };
    /** The address of so many bytes, or 0 where there is no room. */
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  incRef(dataId: object): void;
  makeOutput(shape: number[], dtype: TfTensor['dtype']): TensorInfo;
}

/** Whether tfjs computes in WebAssembly. */
export function isWasm(tf: TensorFlow): boolean {
  return tf.getBackend() === wasmBackend;
}
