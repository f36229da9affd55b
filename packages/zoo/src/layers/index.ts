export * from './activation.js';
export * from './channels.js';
export * from './convolution.js';
export * from './dense.js';
export * from './normalization.js';
export * from './pooling.js';
