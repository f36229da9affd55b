import type { TensorFlow, TfTensor } from '../tensorflow.js';
import type { NativeBackend } from './native.js';
import { floatType, hasKernel, registerNative, runNative } from './native.js';

const forward = 'WhittleBiasAdd';
const backward = 'WhittleBiasAddGrad';
/** Names of the kernels for it and its gradient. */
export const biasAddKernels = { forward, backward } as const;

/** x [..., C] + bias [C]. */
export function biasAdd(tf: TensorFlow, x: TfTensor, bias: TfTensor): TfTensor {
  return hasKernel(tf, forward) ? runNative(tf, forward, { x, bias })[0] : tf.add(x, bias);
}

export function registerBiasAdd(tf: TensorFlow): void {
  registerNative(tf, forward, (backend, { x, bias }) =>
    backend.executeMultipleOutputs('BiasAdd', attributes(backend), [x, bias], 1),
  );
  registerNative(tf, backward, (backend, { dy }) =>
    backend.executeMultipleOutputs('BiasAddGrad', attributes(backend), [dy], 1),
  );
  tf.registerGradient({
    kernelName: forward,
    gradFunc: (dys) => {
      const dy = dys as TfTensor;
      // The tape disposes a gradient when it adds another to it, so it is given a handle of its own.
      return { x: () => tf.clone(dy), bias: () => runNative(tf, backward, { dy })[0] };
    },
  });
}

function attributes(backend: NativeBackend) {
  return [floatType(backend), { name: 'data_format', type: backend.binding.TF_ATTR_STRING, value: 'NHWC' }];
}
