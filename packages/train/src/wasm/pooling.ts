import { maxPoolKernels } from '../kernels/max-pool.js';
import type { TensorFlow } from '../tensorflow.js';
import type { KernelModule } from './kernel-module.js';
import { registerWasm } from './register-wasm.js';
import type { TensorInfo } from './wasm-backend.js';
import { windowFields } from './window-fields.js';

interface PoolAttributes {
  readonly size: [number, number];
  readonly strides: [number, number];
  readonly same: boolean;
}

/** The attributes of tfjs's gradients of pools, as far as they are read here. */
interface PoolGradientAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'same' | 'valid' | number;
}

/** Maxima with their positions, and the gradient that goes there; and in the place of tfjs's own, gradients that heed padding. */
export function registerPooling(tf: TensorFlow, kernels: KernelModule): void {
  registerPositionedMaxima(tf, kernels);
  registerGradients(tf, kernels);
}

function registerPositionedMaxima(tf: TensorFlow, kernels: KernelModule): void {
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
}

function registerGradients(tf: TensorFlow, kernels: KernelModule): void {
  const fieldsOf = ({ shape }: TensorInfo, attributes: object) => {
    const { filterSize, strides, pad } = attributes as PoolGradientAttributes;
    const image = shape as [number, number, number, number];
    return windowFields(tf.backend_util.computePool2DInfo(image, filterSize, strides, 1, pad));
  };
  registerWasm(tf, kernels, 'AvgPoolGrad', (module, { dy, input }, attributes) => {
    const dx = module.output(input.shape);
    module.lendStruct(fieldsOf(input, attributes), (window) =>
      module.run('whittle_average_pool_gradient', window, module.address(dy), module.address(dx)),
    );
    return dx;
  });
  registerWasm(tf, kernels, 'MaxPoolGrad', (module, { dy, input }, attributes) => {
    const dx = module.output(input.shape);
    const outputs = dy.shape.reduce((size, n) => size * n, 1);
    module.lendStruct(fieldsOf(input, attributes), (window) =>
      module.lend(2 * outputs, (maxima) => {
        const positions = maxima + 4 * outputs;
        module.run('whittle_max_pool', window, module.address(input), maxima, positions);
        module.run('whittle_max_pool_gradient', window, module.address(dy), positions, module.address(dx));
      }),
    );
    return dx;
  });
}
