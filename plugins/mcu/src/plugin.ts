import { definePlugin } from '@whittle/core';
import type { Plugin } from '@whittle/core';
import { projectBackends } from './backends.js';
import { kernelLowerings } from './lowerings/index.js';
import { targetRuntimes } from './runtimes.js';

/** C projects for microcontrollers: kernels for core's ops, backends, and runtimes that build and run what they write. */
export const mcu: Plugin = definePlugin({
  name: 'mcu',
  lowerings: kernelLowerings,
  backends: projectBackends,
  runtimes: targetRuntimes,
});
