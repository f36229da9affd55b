import type { TensorFlow } from '../tensorflow.js';
import { registerActivations } from './activations.js';
import { registerBatchNorm } from './batch-norm.js';
import { registerBiasAdd } from './bias-add.js';
import { registerConvolutionGradients } from './convolution.js';
import type { KernelModule } from './kernel-module.js';
import { registerPooling } from './pooling.js';
import { registerRepairs } from './repairs.js';
import { registerSegmentSums } from './segments.js';

/** Registers on tfjs's WebAssembly backend the kernels `Whittle*`, and the gradients that it lacks. */
export function registerWasmKernels(tf: TensorFlow, kernels: KernelModule): void {
  registerConvolutionGradients(tf, kernels);
  registerActivations(tf, kernels);
  registerBatchNorm(tf, kernels);
  registerBiasAdd(tf, kernels);
  registerPooling(tf, kernels);
  registerSegmentSums(tf, kernels);
  registerRepairs(tf, kernels);
}
