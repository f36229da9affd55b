import { definePlugin } from '@whittle/core';
import { int8Lowerings } from './kernels/index.js';
import { removeIdleChannels } from './idle-channels/remove-idle-channels.js';
import { int8Runtime } from './runtime.js';

/** Integer evaluation of core's ops, and the runtime `int8`. */
export const int8Plugin = definePlugin({
  name: 'int8',
  passes: [removeIdleChannels],
  lowerings: int8Lowerings,
  runtimes: [int8Runtime],
});
