export { tfjsPlugin, tfjsReader } from './plugin.js';
export { readTfjsArtifacts, readTfjsModel } from './read-tfjs-model.js';
export type { ReadTfjsOptions } from './read-tfjs-model.js';
export type { TfjsArtifacts, TfjsQuantization, TfjsWeightSpec } from './artifacts.js';
