import type { Sample } from './samples.js';

const weight = (name: string, shape: readonly number[]) => ({ name, shape, dtype: 'float32' });
const layer = (className: string, config: object) => ({ class_name: className, config });

const weights = [
  weight('conv/kernel', [3, 3, 2, 4]),
  weight('conv/bias', [4]),
  weight('dense/kernel', [64, 3]),
  weight('dense/bias', [3]),
];
const elements = weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);

const file = {
  format: 'layers-model',
  generatedBy: 'TensorFlow.js tfjs-layers v4.22.0',
  convertedBy: null,
  modelTopology: {
    class_name: 'Sequential',
    config: {
      name: 'small',
      layers: [
        layer('Conv2D', {
          name: 'conv',
          batch_input_shape: [null, 4, 4, 2],
          dtype: 'float32',
          filters: 4,
          kernel_size: [3, 3],
          strides: [1, 1],
          padding: 'same',
          data_format: 'channels_last',
          dilation_rate: [1, 1],
          activation: 'relu',
          use_bias: true,
        }),
        layer('Flatten', { name: 'flatten' }),
        layer('Dense', { name: 'dense', units: 3, activation: 'softmax', use_bias: true }),
      ],
    },
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
  },
  weightsManifest: [{ paths: ['weights.bin'], weights }],
};

/** A `model.json` as TensorFlow.js writes it, with one shard of weights. */
export const tfjsSample: Sample = {
  name: 'model.json',
  bytes: new TextEncoder().encode(JSON.stringify(file)),
  beside: {
    'weights.bin': new Uint8Array(Float32Array.from({ length: elements }, (_, i) => Math.sin(i)).buffer),
  },
};
