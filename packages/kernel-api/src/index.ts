export * from './kernel.js';
export * from './arguments.js';
