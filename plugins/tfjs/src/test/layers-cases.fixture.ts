import * as tf from '@tensorflow/tfjs';

type Layer = tf.layers.Layer;

/** A model, by a name; inputs of whole numbers where `integers` says below which. */
export interface LayersCase {
  readonly name: string;
  readonly model: tf.LayersModel;
  readonly integers?: number;
}

/** Layers one after the other, on an input of this shape. */
function chain(name: string, inputShape: readonly number[], ...layers: readonly Layer[]): LayersCase {
  const input = tf.input({ shape: [...inputShape] });
  const output = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  return { name, model: tf.model({ inputs: input, outputs: output }) };
}

function graph(
  name: string,
  shapes: readonly (readonly number[])[],
  build: (...inputs: tf.SymbolicTensor[]) => tf.SymbolicTensor | tf.SymbolicTensor[],
): LayersCase {
  const inputs = shapes.map((shape) => tf.input({ shape: [...shape] }));
  return { name, model: tf.model({ inputs, outputs: build(...inputs) }) };
}

const apply = (layer: Layer, ...x: tf.SymbolicTensor[]) =>
  layer.apply(x.length === 1 ? x[0] : x) as tf.SymbolicTensor;

const image = [9, 8, 3] as const;
const sequence = [6, 5] as const;
const activations = [
  'elu',
  'gelu',
  'gelu_new',
  'hardSigmoid',
  'linear',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
] as const;

const convolutions = (): LayersCase[] => {
  const l = tf.layers;
  return [
    chain('conv2d', image, l.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' })),
    chain('dilated', image, l.conv2d({ filters: 4, kernelSize: [2, 3], dilationRate: [2, 1] })),
    chain('no bias', image, l.conv2d({ filters: 2, kernelSize: 1, useBias: false, activation: 'relu6' })),
    chain('first', [3, 9, 8], l.conv2d({ filters: 4, kernelSize: 3, dataFormat: 'channelsFirst' })),
    chain('conv1d', sequence, l.conv1d({ filters: 4, kernelSize: 3, padding: 'same', dilationRate: 2 })),
    chain('depthwise', image, l.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, strides: 2 })),
    chain('separable', image, l.separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 2 })),
    chain(
      'transposed',
      image,
      l.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'elu' }),
      l.conv2dTranspose({ filters: 2, kernelSize: 4, strides: 3, padding: 'valid', useBias: false }),
    ),
  ];
};

const pointwise = (): LayersCase[] => {
  const l = tf.layers;
  return [
    ...activations.map((activation) => chain(activation, [7], l.dense({ units: 5, activation }))),
    chain('activation', image, l.activation({ activation: 'logSoftmax' as 'softmax' })),
    chain('relu max', [7], l.reLU({ maxValue: 1.5 })),
    chain('leaky relu', [7], l.leakyReLU({ alpha: 0.2 }), l.elu()),
    chain('prelu', image, l.prelu({ sharedAxes: [1, 2] }), l.thresholdedReLU({ theta: 0.3 })),
    chain('softmax', image, l.softmax({ axis: -1 })),
    chain('batch norm', image, l.batchNormalization({ epsilon: 0.01 })),
    chain('batch norm alone', image, l.batchNormalization({ scale: false, center: false })),
    chain('layer norm', sequence, l.layerNormalization({})),
    chain('rescaling', image, l.rescaling({ scale: 1 / 127.5, offset: -1 })),
    chain(
      'training only',
      [7],
      l.dropout({ rate: 0.5 }),
      l.gaussianNoise({ stddev: 1 }),
      l.gaussianDropout({ rate: 0.2 }),
      l.alphaDropout({ rate: 0.2 }),
      l.dense({ units: 2 }),
    ),
  ];
};

const shapes = (): LayersCase[] => {
  const l = tf.layers;
  return [
    chain('max pool', image, l.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })),
    chain('average pool', image, l.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })),
    chain(
      'pools over a sequence',
      sequence,
      l.maxPooling1d({ poolSize: 2 }),
      l.averagePooling1d({ poolSize: 3 }),
    ),
    chain('global average', image, l.globalAveragePooling2d({})),
    chain('global max', image, l.globalMaxPooling2d({})),
    chain('global over a sequence', sequence, l.globalMaxPooling1d({})),
    chain('flatten', image, l.flatten(), l.dense({ units: 3 })),
    chain('flatten first', [3, 4, 5], l.flatten({ dataFormat: 'channelsFirst' }), l.dense({ units: 3 })),
    chain('reshape', image, l.reshape({ targetShape: [-1, 6] }), l.permute({ dims: [2, 1] })),
    chain('repeat', [4], l.repeatVector({ n: 3 })),
    chain(
      'padding',
      image,
      l.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 3],
        ],
      }),
    ),
    chain(
      'cropping',
      image,
      l.cropping2D({
        cropping: [
          [1, 2],
          [2, 1],
        ],
      }),
    ),
    chain('up sampling', image, l.upSampling2d({ size: [2, 3] })),
    chain('up sampling bilinear', image, l.upSampling2d({ size: [2, 3], interpolation: 'bilinear' })),
    { ...chain('embedding', [6], l.embedding({ inputDim: 11, outputDim: 4 })), integers: 11 },
  ];
};

const recurrent = (): LayersCase[] => {
  const l = tf.layers;
  return [
    chain('simple rnn', sequence, l.simpleRNN({ units: 4, returnSequences: true })),
    chain('lstm', sequence, l.lstm({ units: 4, goBackwards: true })),
    chain('lstm sigmoid', sequence, l.lstm({ units: 4, recurrentActivation: 'sigmoid' })),
    chain('gru', sequence, l.gru({ units: 4, returnSequences: true }), l.gru({ units: 3, useBias: false })),
    chain('bidirectional', sequence, l.bidirectional({ layer: l.lstm({ units: 3 }), mergeMode: 'concat' })),
    chain(
      'time distributed',
      sequence,
      l.timeDistributed({ layer: l.dense({ units: 3, activation: 'tanh' }) }),
    ),
  ];
};

/** A block with a shared layer, an inner model used twice, and two outputs. */
function network(): LayersCase {
  const l = tf.layers;
  const inner = tf.sequential({
    name: 'inner',
    layers: [
      l.conv2d({ inputShape: [9, 8, 4], filters: 4, kernelSize: 3, padding: 'same', name: 'conv' }),
      l.batchNormalization({ name: 'norm' }),
      l.reLU({ maxValue: 6 }),
    ],
  });
  return graph(
    'network',
    [
      [9, 8, 4],
      [9, 8, 4],
    ],
    (a, b) => {
      const shared = l.conv2d({ filters: 4, kernelSize: 1, name: 'shared' });
      const x = apply(l.add(), apply(shared, a), apply(shared, b));
      const y = inner.apply(inner.apply(x)) as tf.SymbolicTensor;
      const joined = apply(l.concatenate({ axis: -1 }), x, y);
      return [apply(l.globalAveragePooling2d({}), joined), apply(l.maximum(), a, y)];
    },
  );
}

const merging = (): LayersCase[] => {
  const l = tf.layers;
  const layers = {
    add: l.add(),
    multiply: l.multiply(),
    average: l.average(),
    maximum: l.maximum(),
    minimum: l.minimum(),
    concatenate: l.concatenate({ axis: 1 }),
    dot: l.dot({ axes: -1, normalize: true }),
  };
  return [
    ...Object.entries(layers).map(([name, layer]) =>
      graph(
        name,
        name === 'dot'
          ? [[6], [6]]
          : [
              [5, 6],
              [5, 6],
            ],
        (a, b) => apply(layer, a, b),
      ),
    ),
    network(),
  ];
};

/** Models that between them have every layer that is read, with weights drawn from the seed. */
export function layersCases(): LayersCase[] {
  const cases = [...convolutions(), ...pointwise(), ...shapes(), ...recurrent(), ...merging()];
  const sequential = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [7], units: 8, activation: 'relu' }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  return [...cases, { name: 'sequential', model: sequential }];
}
