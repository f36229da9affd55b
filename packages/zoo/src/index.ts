export * from './blocks/index.js';
export * from './classifier.js';
export * from './initializers.js';
export * from './layers/index.js';
export { createNetwork, inputLayer, sharingParameters } from './network.js';
export type { Network, NetworkOptions } from './network.js';
export * from './networks/index.js';
