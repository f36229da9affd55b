import type { Padding } from '@whittle/core';
import type * as tfjs from '@tensorflow/tfjs';
import type { TensorFlow, TfTensor } from '../tensorflow.js';
import type { NativeBackend } from './native.js';
import { floatType, hasKernel, registerNative, runNative } from './native.js';

const forward = 'WhittleMaxPool';
const backward = 'WhittleMaxPoolGrad';
/** Names of the kernels for it and its gradient. */
export const maxPoolKernels = { forward, backward } as const;

/** A window and its strides, rows first. */
export interface PoolWindow {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pad: Extract<Padding, string>;
}

/**
 * Maximum over windows of an image [N, H, W, C]. The native kernel remembers where the maxima are: TensorFlow's gradient
 * of its plain op searches for them again, for six times the cost. The first of equals gets the gradient.
 */
export function maxPool(tf: TensorFlow, x: TfTensor, { size, strides, pad }: PoolWindow): TfTensor {
  if (!hasKernel(tf, forward)) return tf.maxPool(x as tfjs.Tensor4D, [...size], [...strides], pad);
  return runNative(tf, forward, { x }, { size: [...size], strides: [...strides], same: pad === 'same' })[0];
}

export function registerMaxPool(tf: TensorFlow): void {
  registerNative(tf, forward, (backend, { x }, window) =>
    backend.executeMultipleOutputs(
      'MaxPoolWithArgmax',
      attributes(backend, window, backend.binding.TF_INT32),
      [x],
      2,
    ),
  );
  registerNative(tf, backward, (backend, { x, dy, positions }, window) => {
    const { binding } = backend;
    const [xId, dyId, positionsId] = backend.getInputTensorIds([x, dy, positions]);
    // The gradient takes 64-bit positions only, a type that tfjs doesn't know: they never become a tensor of its own.
    const [wide] = binding.executeOp(
      'Cast',
      [
        { name: 'SrcT', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
        { name: 'DstT', type: binding.TF_ATTR_TYPE, value: binding.TF_INT64 },
        { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false },
      ],
      [positionsId],
      1,
    );
    try {
      const [dx] = binding.executeOp(
        'MaxPoolGradWithArgmax',
        attributes(backend, window, binding.TF_INT64),
        [xId, dyId, wide.id],
        1,
      );
      return [backend.createOutputTensor(dx)];
    } finally {
      binding.deleteTensor(wide.id);
    }
  });
  tf.registerGradient({
    kernelName: forward,
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    gradFunc: (dys, [x, positions], window) => {
      const [dy] = dys as TfTensor[];
      return {
        x: () =>
          runNative(
            tf,
            backward,
            { x, dy, positions },
            window as { size: number[]; strides: number[]; same: boolean },
          )[0],
      };
    },
  });
}

function attributes(
  backend: NativeBackend,
  { size, strides, same }: Readonly<Record<string, unknown>>,
  positions: number,
) {
  const { TF_ATTR_TYPE, TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_BOOL } = backend.binding;
  const [height, width] = size as number[];
  const [rows, columns] = strides as number[];
  return [
    floatType(backend),
    { name: 'Targmax', type: TF_ATTR_TYPE, value: positions },
    { name: 'ksize', type: TF_ATTR_INT, value: [1, height, width, 1] },
    { name: 'strides', type: TF_ATTR_INT, value: [1, rows, columns, 1] },
    { name: 'padding', type: TF_ATTR_STRING, value: same ? 'SAME' : 'VALID' },
    { name: 'include_batch_in_index', type: TF_ATTR_BOOL, value: false },
  ];
}
