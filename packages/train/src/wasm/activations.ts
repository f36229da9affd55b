import { activationKernels } from '../kernels/activations.js';
import type { TensorFlow } from '../tensorflow.js';
import type { KernelModule } from './kernel-module.js';
import { callWith, registerWasm } from './register-wasm.js';

/** In the order of the kernel's `whittle_activation`. */
const names = ['relu', 'relu6', 'elu', 'sigmoid', 'tanh'] as const;

/** Activations are tfjs's own kernels; their gradients are ours. */
export function registerActivations(tf: TensorFlow, kernels: KernelModule): void {
  names.forEach((name, index) => {
    const { op, forward, backward } = activationKernels(name);
    const activate = callWith(tf, op);
    registerWasm(tf, kernels, forward, (_, { x }) => activate({ x }));
    registerWasm(tf, kernels, backward, (module, { y, dy }) => {
      const dx = module.output(y.shape);
      const count = y.shape.reduce((size, n) => size * n, 1);
      module.run(
        'whittle_activation_gradient',
        index,
        count,
        module.address(y),
        module.address(dy),
        module.address(dx),
      );
      return dx;
    });
  });
}
