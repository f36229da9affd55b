import type { Runtime } from '@whittle/core';
import { judgeRuntime } from './judge-runtime.js';

/** TensorFlow Lite Micro with its reference kernels, from its Python wheel: what 'exact' means for int8. */
export const tflmRuntime: Runtime = judgeRuntime({
  name: 'tflm',
  description: 'TensorFlow Lite Micro, reference kernels',
  runtime: 'tflm',
});
