import type { LayerReader } from '../graph/layer-reader.js';

const identity: LayerReader = { read: (call) => call.input };

/** Layers that only do something in training. */
export const trainingOnlyReaders: Readonly<Record<string, LayerReader>> = Object.fromEntries(
  [
    'Dropout',
    'SpatialDropout1D',
    'SpatialDropout2D',
    'AlphaDropout',
    'GaussianDropout',
    'GaussianNoise',
    'ActivityRegularization',
    'Identity',
    'RandomFlip',
    'RandomRotation',
    'RandomTranslation',
    'RandomZoom',
    'RandomContrast',
    'RandomBrightness',
    'RandomShear',
    'RandomErasing',
    'RandomGrayscale',
    'RandomGaussianBlur',
    'RandomHeight',
    'RandomWidth',
  ].map((name) => [name, identity]),
);
