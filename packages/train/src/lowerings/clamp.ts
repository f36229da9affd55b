import { clampOf } from '@whittle/core';
import type { FusedActivation } from '@whittle/core';
import { fusedActivation } from '../kernels/activations.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';

/** Applies the activation that an op carries. */
export function clamp(tf: TensorFlow, x: TfTensor, activation: FusedActivation): TfTensor {
  switch (activation) {
    case 'none':
      return x;
    case 'relu':
    case 'relu6':
      return fusedActivation(tf, activation, x);
    case 'relu_n1_to_1':
      return tf.clipByValue(x, ...clampOf(activation));
  }
}
