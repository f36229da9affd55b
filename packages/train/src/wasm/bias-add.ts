import { biasAddKernels } from '../kernels/bias-add.js';
import type { TensorFlow } from '../tensorflow.js';
import { columnSums, matrixOf } from './columns.js';
import type { KernelModule } from './kernel-module.js';
import { callWith, registerWasm } from './register-wasm.js';

export function registerBiasAdd(tf: TensorFlow, kernels: KernelModule): void {
  const add = callWith(tf, 'Add');
  registerWasm(tf, kernels, biasAddKernels.forward, (_, { x, bias }) => add({ a: x, b: bias }));
  registerWasm(tf, kernels, biasAddKernels.backward, (module, { dy }) => {
    const sums = module.output([matrixOf(dy).columns]);
    columnSums(module, { a: dy }, module.address(sums));
    return sums;
  });
}
