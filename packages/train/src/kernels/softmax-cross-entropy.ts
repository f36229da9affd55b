import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { floatType, isNative, registerNative, runNative } from './native.js';

const forward = 'WhittleSoftmaxCrossEntropy';

/**
 * For each row, -sum(target * log softmax(logits)): logits and targets [..., C], result [N], N being the product of the
 * leading extents. Targets are constants; where they sum to 1 the gradient with respect to the logits is
 * softmax(logits) - targets.
 */
export function softmaxCrossEntropy(tf: TensorFlow, logits: TfTensor, targets: TfTensor): TfTensor {
  const operands = { logits: asRows(tf, logits), targets: asRows(tf, targets) };
  if (isNative(tf)) return runNative(tf, forward, operands)[0];
  return tf.neg(tf.sum(tf.mul(operands.targets, tf.logSoftmax(operands.logits)), -1));
}

/** [..., C] as [N, C]. */
function asRows(tf: TensorFlow, x: TfTensor): TfTensor {
  return x.rank === 2 ? x : tf.reshape(x, [-1, x.shape[x.rank - 1] as number]);
}

export function registerSoftmaxCrossEntropy(tf: TensorFlow): void {
  registerNative(tf, forward, (backend, { logits, targets }) =>
    backend.executeMultipleOutputs(
      'SoftmaxCrossEntropyWithLogits',
      [floatType(backend)],
      [logits, targets],
      2,
    ),
  );
  tf.registerGradient({
    kernelName: forward,
    inputsToSave: ['targets'],
    outputsToSave: [false, true],
    gradFunc: (dys, [targets, difference]) => {
      const [dy] = dys as TfTensor[];
      return {
        logits: () => tf.mul(tf.expandDims(dy, -1), difference),
        targets: () => tf.zerosLike(targets),
      };
    },
  });
}
