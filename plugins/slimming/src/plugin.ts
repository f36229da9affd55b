import { definePlugin } from '@whittle/core';
import { pruneChannels } from './prune-channels.js';

/** Network Slimming as a plugin. */
export const slimming = definePlugin({ name: 'slimming', passes: [pruneChannels] });
