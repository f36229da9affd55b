import type { Sample } from './samples.js';

type Attributes = Readonly<Record<string, object>>;

const weight = (name: string, shape: readonly number[]) => ({ name, shape, dtype: 'float32' });
const layer = (className: string, config: object) => ({ class_name: className, config });

const weights = [
  weight('conv/kernel', [3, 3, 2, 4]),
  weight('conv/bias', [4]),
  weight('dense/kernel', [64, 3]),
  weight('dense/bias', [3]),
];
const layersModel = {
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

const text = (value: string) => ({ s: btoa(value) });
const integers = (...values: readonly number[]) => ({ list: { i: values.map(String) } });
const node = (op: string, name: string, input: readonly string[], attr: Attributes = {}) => ({
  name,
  op,
  input,
  attr,
});
const window = {
  strides: integers(1, 1, 1, 1),
  dilations: integers(1, 1, 1, 1),
  padding: text('SAME'),
  data_format: text('NHWC'),
};
const placeholder = (size: readonly number[]) =>
  node('Placeholder', 'image', [], {
    dtype: { type: 'DT_FLOAT' },
    shape: { shape: { dim: size.map((each) => ({ size: String(each) })) } },
  });
const shrunk = { shrink_axis_mask: { i: '1' } };

/** Constants by name, with what they hold; those without are drawn. */
interface Constants {
  readonly reals: Readonly<Record<string, readonly number[]>>;
  readonly integers: Readonly<Record<string, readonly number[]>>;
}

function graphModel(constants: Constants, nodes: readonly object[], output: string) {
  const names = [...Object.keys(constants.reals), ...Object.keys(constants.integers)];
  return {
    format: 'graph-model',
    modelTopology: { node: [...names.map((name) => node('Const', name, [])), ...nodes], library: {} },
    signature: { inputs: { image: { name: 'image:0' } }, outputs: { output: { name: `${output}:0` } } },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: Object.entries(constants.reals).map(([name, shape]) => weight(name, shape)),
      },
      {
        paths: ['integers.bin'],
        weights: Object.entries(constants.integers).map(([name, values]) => ({
          name,
          shape: values.length === 1 ? [] : [values.length],
          dtype: 'int32',
        })),
      },
    ],
  };
}

/** Convolutions, one of them dilated, an image resized, and a shape that is computed. */
const network: Constants = {
  reals: {
    kernel: [3, 3, 2, 4],
    bias: [4],
    depthwise: [3, 3, 4, 1],
    scale: [4],
    mean: [4],
    variance: [4],
    dense: [256, 3],
  },
  integers: { block: [2, 2], size: [8, 8], from: [0], to: [1], rest: [256] },
};
const networkModel = graphModel(
  network,
  [
    placeholder([-1, 4, 4, 2]),
    node('_FusedConv2D', 'conv', ['image', 'kernel', 'bias'], {
      ...window,
      fused_ops: { list: { s: [btoa('BiasAdd'), btoa('Relu6')] } },
      num_args: { i: '1' },
    }),
    node('DepthwiseConv2dNative', 'depthwise_conv', ['conv', 'depthwise'], window),
    node('FusedBatchNormV3', 'norm', ['depthwise_conv', 'scale', 'bias', 'mean', 'variance'], {
      epsilon: { f: 0.001 },
    }),
    node('MaxPool', 'pool', ['norm'], { ...window, ksize: integers(1, 2, 2, 1) }),
    node('ResizeBilinear', 'resized', ['pool', 'size'], { align_corners: { b: true } }),
    node('Shape', 'shape', ['resized']),
    node('StridedSlice', 'examples', ['shape', 'from_1', 'to_1', 'to_1'], shrunk),
    node('Pack', 'flat_shape', ['examples', 'rest'], { axis: { i: '0' } }),
    node('Reshape', 'flat', ['resized', 'flat_shape']),
    node('MatMul', 'logits', ['flat', 'dense']),
    node('Softmax', 'probabilities', ['logits']),
    node('ExpandDims', 'from_1', ['from', 'from']),
    node('ExpandDims', 'to_1', ['to', 'from']),
  ],
  'probabilities',
);

/** Parts of a value, joined, repeated and reduced, with known values among them. */
const parts: Constants = {
  reals: { table: [5, 3], slope: [3] },
  integers: {
    axis: [1],
    zero: [0],
    limit: [3],
    step: [1],
    times: [1, 2, 1],
    margins: [0, 0, 1, 2, 0, 0],
    order: [0, 2, 1],
  },
};
const partsModel = graphModel(
  parts,
  [
    placeholder([-1, 6, 3]),
    node('Split', 'parts', ['axis', 'image'], { num_split: { i: '2' } }),
    node('Mul', 'scaled', ['parts:1', 'slope']),
    node('ConcatV2', 'joined', ['parts', 'scaled', 'axis'], { N: { i: '2' } }),
    node('Tile', 'tiled', ['joined', 'times']),
    node('Reshape', 'margin_pairs', ['margins', 'pairs']),
    node('Pack', 'pairs', ['limit', 'two']),
    node('Fill', 'two', ['none', 'two_0']),
    node('Sub', 'two_0', ['limit', 'step']),
    node('Slice', 'none', ['order', 'zero_1', 'zero_1']),
    node('ExpandDims', 'zero_1', ['zero', 'zero']),
    node('Pad', 'padded', ['tiled', 'margin_pairs']),
    node('Transpose', 'turned', ['padded', 'order']),
    node('Range', 'range', ['zero', 'limit', 'step']),
    node('GatherV2', 'picked', ['turned', 'range', 'axis']),
    node('Mean', 'mean', ['picked', 'axis'], { keep_dims: { b: false } }),
    node('Cumsum', 'sums', ['mean', 'axis']),
  ],
  'sums',
);

const reals = (count: number) =>
  new Uint8Array(Float32Array.from({ length: count }, (_, i) => 0.6 + 0.5 * Math.sin(i)).buffer);
const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const sizes = (shapes: readonly (readonly number[])[]) =>
  shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);

function sample(
  name: string,
  file: object,
  real: readonly (readonly number[])[],
  integer: readonly number[],
): Sample {
  return {
    name,
    bytes: new TextEncoder().encode(JSON.stringify(file)),
    beside: {
      'weights.bin': reals(sizes(real)),
      'integers.bin': new Uint8Array(Int32Array.from(integer).buffer),
    },
  };
}

const graphSample = (name: string, file: object, constants: Constants) =>
  sample(name, file, Object.values(constants.reals), Object.values(constants.integers).flat());

/** `model.json` of a layers model and of graph models, as TensorFlow.js and its converter write them. */
export const tfjsSamples: readonly Sample[] = [
  sample(
    'layers model',
    layersModel,
    weights.map(({ shape }) => shape),
    [],
  ),
  graphSample('graph of parts', partsModel, parts),
  graphSample('graph of a network', networkModel, network),
];
