import type { createRequire } from 'node:module';
import { WhittleError } from '@whittle/core';
import type { TensorFlow } from '../tensorflow.js';
import { KernelModule } from './kernel-module.js';
import { registerWasmKernels } from './register.js';
import { wasmBackend } from './wasm-backend.js';
import type { WasmBackend } from './wasm-backend.js';

const started = new WeakSet<TensorFlow>();

/**
 * Gives the library its WebAssembly backend with this package's kernels, and lets it compute. The backend is of one thread:
 * tfjs has none with several in Node.
 * @throws TARGET_UNAVAILABLE where it can't be loaded, or the kernels weren't built
 */
export async function useWasm(tf: TensorFlow, require: ReturnType<typeof createRequire>): Promise<void> {
  require('@tensorflow/tfjs-backend-wasm');
  if (!(await withoutListeners(() => tf.setBackend(wasmBackend))))
    throw new WhittleError('TARGET_UNAVAILABLE', "tfjs's WebAssembly backend can't be started");
  if (started.has(tf)) return;
  registerWasmKernels(tf, new KernelModule(tf.backend() as unknown as WasmBackend));
  started.add(tf);
}

/** tfjs's compiled module listens to errors that nobody handles, and would change what becomes of them in this process. */
async function withoutListeners<T>(start: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.listeners(event as 'uncaughtException'));
  try {
    return await start();
  } finally {
    events.forEach((event, i) => {
      for (const listener of process.listeners(event as 'uncaughtException'))
        if (!before[i].includes(listener)) process.removeListener(event, listener);
    });
  }
}
