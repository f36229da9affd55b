export * from './importance.js';
export * from './select-channels.js';
export * from './prune-channels.js';
export * from './plugin.js';
