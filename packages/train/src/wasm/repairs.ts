import type { TensorFlow } from '../tensorflow.js';
import type { KernelModule } from './kernel-module.js';
import { callWith, registerWasm } from './register-wasm.js';
import type { TensorInfo } from './wasm-backend.js';

type Shape4 = [number, number, number, number];

/** Kernels that tfjs has in WebAssembly, and that don't do there what they do on its other backends. */
export function registerRepairs(tf: TensorFlow, kernels: KernelModule): void {
  // It copies, and each tensor that a gradient needs goes through it.
  registerWasm(tf, kernels, 'Identity', (module, { x }) => module.share(x));
  registerWasm(tf, kernels, 'OneHot', oneHot);
  registerSamePadding(tf, kernels, 'Conv2D', false);
  registerSamePadding(tf, kernels, 'DepthwiseConv2dNative', true);
}

/** tfjs's own writes integers where float32 is asked for. */
function oneHot(
  module: KernelModule,
  { indices }: Readonly<Record<string, TensorInfo>>,
  attributes: Readonly<Record<string, unknown>>,
): TensorInfo {
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
}

/** With padding 'same' and strides above the kernel's extent tfjs's own gives zeros; with the same padding in numbers it doesn't. */
function registerSamePadding(tf: TensorFlow, kernels: KernelModule, name: string, depthwise: boolean): void {
  const call = callWith(tf, name);
  registerWasm(tf, kernels, name, (_, inputs, attributes) => {
    const { strides, dilations, pad, dimRoundingMode } = attributes as unknown as {
      strides: [number, number];
      dilations: [number, number];
      pad: unknown;
      dimRoundingMode?: 'floor' | 'round' | 'ceil';
    };
    if (pad !== 'same') return call(inputs, attributes);
    const { padInfo } = tf.backend_util.computeConv2DInfo(
      inputs.x.shape as Shape4,
      inputs.filter.shape as Shape4,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      depthwise,
    );
    const { top, bottom, left, right } = padInfo;
    return call(inputs, {
      ...attributes,
      pad: [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ],
    });
  });
}
