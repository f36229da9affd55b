export { onnxPlugin, onnxReader } from './plugin.js';
export { readOnnxModel } from './read-onnx-model.js';
export type { ReadOnnxOptions } from './read-onnx-model.js';
