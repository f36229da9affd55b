import type { TensorFlow, TfTensor } from '../tensorflow.js';
import type { NativeBackend } from './native.js';
import { floatType, hasKernel, registerNative, runNative } from './native.js';

const forward = 'WhittleFusedBatchNorm';
const backward = 'WhittleFusedBatchNormGrad';
/** Names of the kernels for it and its gradient. */
export const batchNormKernels = { forward, backward } as const;

/** Operands of a batch norm: x [..., C], the others [C]. */
export interface BatchNormOperands {
  readonly x: TfTensor;
  readonly scale: TfTensor;
  readonly offset: TfTensor;
  /** Running statistics. */
  readonly mean: TfTensor;
  readonly variance: TfTensor;
}

export interface TrainedBatchNorm {
  readonly y: TfTensor;
  /** Running statistics after this batch. */
  readonly mean: TfTensor;
  readonly variance: TfTensor;
}

/**
 * Batch norm by the statistics of the batch (Ioffe and Szegedy 2015, algorithm 1), which are also taken into the running
 * ones: running <- momentum * running + (1 - momentum) * batch, the variance of the batch being divided by n - 1 for it.
 * `momentum` is above 0 and below 1.
 */
export function trainBatchNorm(
  tf: TensorFlow,
  { x, scale, offset, mean, variance }: BatchNormOperands,
  epsilon: number,
  momentum: number,
): TrainedBatchNorm {
  if (hasKernel(tf, forward)) {
    const image = asImage(tf, x);
    const [y, newMean, newVariance] = runNative(
      tf,
      forward,
      { x: image, scale, offset, mean, variance },
      { epsilon, training: true, factor: 1 - momentum },
    );
    return { y: image === x ? y : tf.reshape(y, x.shape), mean: newMean, variance: newVariance };
  }
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const batch = tf.moments(x, axes);
  const count = x.size / scale.size;
  const blend = (old: TfTensor, fresh: TfTensor) =>
    tf.add(tf.mul(old, momentum), tf.mul(fresh, 1 - momentum));
  return {
    y: normalize(tf, { x, scale, offset, mean: batch.mean, variance: batch.variance }, epsilon),
    mean: blend(mean, batch.mean),
    variance: blend(variance, tf.mul(batch.variance, count / Math.max(1, count - 1))),
  };
}

/** Batch norm by the running statistics, which are constants here: no gradient goes to them. */
export function applyBatchNorm(tf: TensorFlow, operands: BatchNormOperands, epsilon: number): TfTensor {
  if (!hasKernel(tf, forward)) return normalize(tf, operands, epsilon);
  const { x } = operands;
  const image = asImage(tf, x);
  const [y] = runNative(tf, forward, { ...operands, x: image }, { epsilon, training: false, factor: 1 });
  return image === x ? y : tf.reshape(y, x.shape);
}

/** TensorFlow's fused op takes rank 4. */
function asImage(tf: TensorFlow, x: TfTensor): TfTensor {
  return x.rank === 4 ? x : tf.reshape(x, [-1, 1, 1, x.shape[x.rank - 1]]);
}

function normalize(
  tf: TensorFlow,
  { x, scale, offset, mean, variance }: BatchNormOperands,
  epsilon: number,
): TfTensor {
  const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(tf.sub(x, mean), factor), offset);
}

export function registerBatchNorm(tf: TensorFlow): void {
  registerNative(
    tf,
    forward,
    (backend, { x, scale, offset, mean, variance }, { epsilon, training, factor }) =>
      backend.executeMultipleOutputs(
        'FusedBatchNormV3',
        [
          ...attributes(backend, epsilon, training),
          { name: 'exponential_avg_factor', type: backend.binding.TF_ATTR_FLOAT, value: factor },
        ],
        [x, scale, offset, mean, variance],
        6,
      ),
  );
  registerNative(tf, backward, (backend, inputs, { epsilon, training }) =>
    backend.executeMultipleOutputs(
      'FusedBatchNormGradV3',
      attributes(backend, epsilon, training),
      ['dy', 'x', 'scale', 'reserve1', 'reserve2', 'reserve3'].map((name) => inputs[name]),
      5,
    ),
  );
  tf.registerGradient({
    kernelName: forward,
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dys, [x, scale, reserve1, reserve2, reserve3], attributes) => {
      const { epsilon, training } = attributes as { epsilon: number; training: boolean };
      const [dy] = dys as TfTensor[];
      const inputs = { dy, x, scale, reserve1, reserve2, reserve3 };
      const [dx, dScale, dOffset] = runNative(tf, backward, inputs, { epsilon, training });
      const none = () => tf.zerosLike(scale);
      return { x: () => dx, scale: () => dScale, offset: () => dOffset, mean: none, variance: none };
    },
  });
}

function attributes(backend: NativeBackend, epsilon: unknown, training: unknown) {
  const { TF_ATTR_FLOAT, TF_ATTR_STRING, TF_ATTR_BOOL } = backend.binding;
  return [
    floatType(backend),
    floatType(backend, 'U'),
    { name: 'epsilon', type: TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: TF_ATTR_BOOL, value: training },
  ];
}
