export { kerasPlugin, kerasReader } from './plugin.js';
export { readKerasModel } from './read-keras-model.js';
export type { ReadKerasOptions } from './read-keras-model.js';
