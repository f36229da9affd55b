import { definePlugin } from '@whittle/core';
import { litertRuntime } from './judge/litert.js';
import { litertWasmRuntime } from './judge/litert-wasm.js';
import { tflmRuntime } from './judge/tflm.js';

/** The runtimes `tflm`, `litert` and `litert-wasm`. */
export const judgesPlugin = definePlugin({
  name: 'judges',
  runtimes: [tflmRuntime, litertRuntime, litertWasmRuntime],
});
