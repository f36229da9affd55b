import { definePlugin } from '@whittle/core';
import type { Reader } from '@whittle/core';
import { looksLikeOnnx } from './proto/recognize.js';
import { readOnnxModel } from './read-onnx-model.js';

/** Recognized by the fields of a protobuf message that an ONNX model is. */
export const onnxReader: Reader = {
  format: 'onnx',
  extensions: ['onnx'],
  recognizes: looksLikeOnnx,
  read: (bytes, { readBeside, shapes }) => readOnnxModel(bytes, { readBeside, shapes }),
};

/** ONNX models, read. */
export const onnxPlugin = definePlugin({ name: 'onnx', readers: [onnxReader] });
