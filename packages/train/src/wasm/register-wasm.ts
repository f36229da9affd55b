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

/** Calls a kernel that tfjs has in WebAssembly. */
export function callKernel(
  tf: TensorFlow,
  name: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: Readonly<Record<string, number>> = {},
): TensorInfo {
  const kernel = tf.getKernel(name, wasmBackend);
  const backend = tf.engine().findBackend(wasmBackend) as unknown as WasmBackend;
  return kernel.kernelFunc({ inputs, backend, attrs: attributes }) as TensorInfo;
}
