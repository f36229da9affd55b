import { definePlugin } from '@whittle/core';
import { litertRuntime } from './judge/litert.js';
import { tflmRuntime } from './judge/tflm.js';

/** The runtimes `tflm` and `litert`. */
export const judgesPlugin = definePlugin({ name: 'judges', runtimes: [tflmRuntime, litertRuntime] });
