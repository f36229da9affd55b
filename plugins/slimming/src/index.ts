export * from './importance.js';
export * from './ranked-by-scales.js';
export * from './prune-channels.js';
export * from './plugin.js';
