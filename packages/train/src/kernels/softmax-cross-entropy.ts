import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { floatType, isNative, registerNative, runNative } from './native.js';

const forward = 'WhittleSoftmaxCrossEntropy';

/**
 * For each row, -sum(target * log softmax(logits)): logits and targets [N, C], result [N]. Targets are constants; where
 * they sum to 1 the gradient with respect to the logits is softmax(logits) - targets.
 */
export function softmaxCrossEntropy(tf: TensorFlow, logits: TfTensor, targets: TfTensor): TfTensor {
  if (isNative(tf)) return runNative(tf, forward, { logits, targets })[0];
  return tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1));
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
