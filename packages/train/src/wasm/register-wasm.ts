import type { TensorFlow } from '../tensorflow.js';
import type { KernelModule } from './kernel-module.js';
import { wasmBackend } from './wasm-backend.js';
import type { TensorInfo, WasmBackend } from './wasm-backend.js';

export type WasmKernel = (
  kernels: KernelModule,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: Readonly<Record<string, unknown>>,
) => TensorInfo | TensorInfo[];

/** Registers a kernel on tfjs's WebAssembly backend, in the place of the one that it may have. */
export function registerWasm(tf: TensorFlow, kernels: KernelModule, name: string, run: WasmKernel): void {
  if (tf.getKernel(name, wasmBackend)) tf.unregisterKernel(name, wasmBackend);
  tf.registerKernel({
    kernelName: name,
    backendName: wasmBackend,
    kernelFunc: ({ inputs, attrs }) => run(kernels, inputs as Record<string, TensorInfo>, attrs ?? {}),
  });
}

/** A function that calls a kernel which tfjs has in WebAssembly, also where another takes its place later. */
export function callWith(
  tf: TensorFlow,
  name: string,
): (
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes?: Readonly<Record<string, unknown>>,
) => TensorInfo {
  const { kernelFunc } = tf.getKernel(name, wasmBackend);
  const backend = tf.engine().findBackend(wasmBackend) as unknown as WasmBackend;
  return (inputs, attributes = {}) =>
    kernelFunc({ inputs, backend, attrs: attributes as Record<string, number> }) as TensorInfo;
}
