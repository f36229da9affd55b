import { definePlugin } from '@whittle/core';
import { initializeScales } from './initialize-scales.js';
import { multiPass } from './multi-pass.js';
import { pruneChannels } from './prune-channels.js';
import { reinitialize } from './reinitialize.js';
import { trainSparse } from './train-sparse.js';

/** Network Slimming as a plugin. */
export const slimming = definePlugin({
  name: 'slimming',
  passes: [initializeScales, trainSparse, pruneChannels, multiPass, reinitialize],
});
