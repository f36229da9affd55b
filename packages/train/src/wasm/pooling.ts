import { maxPoolKernels } from '../kernels/max-pool.js';
import type { TensorFlow } from '../tensorflow.js';
import type { KernelModule } from './kernel-module.js';
import { registerWasm } from './register-wasm.js';
import { windowFields } from './window-fields.js';

interface PoolAttributes {
  readonly size: [number, number];
  readonly strides: [number, number];
  readonly same: boolean;
}

/**
 * Maxima with their positions, and the gradient that goes there; and the gradient of averages, in which tfjs's own counts what
 * is beside the image.
 */
export function registerPooling(tf: TensorFlow, kernels: KernelModule): void {
  const infoOf = (input: readonly number[], attributes: object) => {
    const { size, strides, same } = attributes as PoolAttributes;
    const shape = input as [number, number, number, number];
    return tf.backend_util.computePool2DInfo(shape, size, strides, 1, same ? 'same' : 'valid');
  };
  registerWasm(tf, kernels, maxPoolKernels.forward, (module, { x }, attributes) => {
    const info = infoOf(x.shape, attributes);
    const [y, positions] = [module.output(info.outShape), module.output(info.outShape, 'int32')];
    module.lendStruct(windowFields(info), (window) =>
      module.run('whittle_max_pool', window, module.address(x), module.address(y), module.address(positions)),
    );
    return [y, positions];
  });
  registerWasm(tf, kernels, maxPoolKernels.backward, (module, { x, dy, positions }, attributes) => {
    const dx = module.output(x.shape);
    module.lendStruct(windowFields(infoOf(x.shape, attributes)), (window) =>
      module.run(
        'whittle_max_pool_gradient',
        window,
        module.address(dy),
        module.address(positions),
        module.address(dx),
      ),
    );
    return dx;
  });
  registerWasm(tf, kernels, 'AvgPoolGrad', (module, { dy, input }, attributes) => {
    const { filterSize, strides, pad } = attributes as unknown as {
      filterSize: [number, number] | number;
      strides: [number, number] | number;
      pad: 'same' | 'valid' | number;
    };
    const shape = input.shape as [number, number, number, number];
    const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
    const dx = module.output(input.shape);
    module.lendStruct(windowFields(info), (window) =>
      module.run('whittle_average_pool_gradient', window, module.address(dy), module.address(dx)),
    );
    return dx;
  });
}
