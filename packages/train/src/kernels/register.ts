import type { TensorFlow } from '../tensorflow.js';
import { registerActivations } from './activations.js';
import { registerBatchNorm } from './batch-norm.js';
import { registerBiasAdd } from './bias-add.js';
import { registerMaxPool } from './max-pool.js';
import { registerSoftmaxCrossEntropy } from './softmax-cross-entropy.js';

/**
 * Registers the kernels `Whittle*` with their gradients: tfjs composes these gradients of many small ops, which cost more
 * than the convolutions between them. Names of kernels are global in tfjs, so this is done once.
 */
export function registerFusedKernels(tf: TensorFlow): void {
  registerActivations(tf);
  registerBatchNorm(tf);
  registerBiasAdd(tf);
  registerMaxPool(tf);
  registerSoftmaxCrossEntropy(tf);
}
