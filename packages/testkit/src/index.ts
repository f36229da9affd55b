export * from './errors.js';
export * from './judge/litert.js';
export * from './judge/tflm.js';
export * from './sequence.js';
