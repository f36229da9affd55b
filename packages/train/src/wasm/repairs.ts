import type { TensorFlow } from '../tensorflow.js';
import type { KernelModule } from './kernel-module.js';
import { registerWasm } from './register-wasm.js';

/** Kernels that tfjs has in WebAssembly, and that don't do there what they do on its other backends. */
export function registerRepairs(tf: TensorFlow, kernels: KernelModule): void {
  // It copies, and each tensor that a gradient needs goes through it.
  registerWasm(tf, kernels, 'Identity', (module, { x }) => module.share(x));
  // It writes integers where float32 is asked for.
  registerWasm(tf, kernels, 'OneHot', (module, { indices }, attributes) => {
    const { depth, onValue, offValue, dtype } = attributes as unknown as {
      depth: number;
      onValue: number;
      offValue: number;
      dtype: 'float32' | 'int32';
    };
    const out = module.output([...indices.shape, depth], dtype);
    const values = dtype === 'int32' ? module.integers(out) : module.floats(out);
    values.fill(offValue);
    module.integers(indices).forEach((index, i) => {
      if (index >= 0 && index < depth) values[i * depth + index] = onValue;
    });
    return out;
  });
}
