export * from './errors.js';
export * from './tensor.js';
export * from './model.js';
export * from './op.js';
export * from './lowering.js';
export * from './random.js';
