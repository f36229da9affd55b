import { alone, json, repeated } from './hostile-file.js';
import type { HostileFile } from './hostile-file.js';

const megabyte = 1 << 20;
const kernel = new Uint8Array(16);

const layer = (className: string, config: object) => ({ class_name: className, config });
const weight = (name: string, shape: readonly number[], dtype = 'float32') => ({ name, shape, dtype });
const dense = (units: number) => layer('Dense', { name: 'dense', units, use_bias: false });
const network = (layers: readonly object[]) => ({
  class_name: 'Sequential',
  config: {
    name: 'm',
    layers: [layer('InputLayer', { name: 'x', batch_input_shape: [null, 4] }), ...layers],
  },
});

/** A layers model of one dense layer. */
function layersModel(
  paths: readonly string[],
  weights: readonly object[] = [weight('dense/kernel', [4, 1])],
) {
  return {
    format: 'layers-model',
    modelTopology: network([dense(1)]),
    weightsManifest: [{ paths, weights }],
  };
}

const node = (op: string, name: string, input: readonly string[], attr: object = {}) => ({
  name,
  op,
  input,
  attr,
});
const x = node('Placeholder', 'x', [], {
  dtype: { type: 'DT_FLOAT' },
  shape: { shape: { dim: [{ size: '-1' }, { size: '4' }] } },
});

/** A graph model whose last node is `last`, with the constants in `c`. */
function graphModel(
  name: string,
  outcome: HostileFile['outcome'],
  nodes: readonly object[],
  last: string,
  constants: Readonly<Record<string, readonly number[]>> = {},
): HostileFile {
  const weights = Object.entries(constants).map(([id, values]) => weight(id, [values.length], 'int32'));
  const file = {
    format: 'graph-model',
    modelTopology: { node: [x, ...weights.map(({ name: id }) => node('Const', id, [])), ...nodes] },
    signature: { inputs: { x: { name: 'x:0' } }, outputs: { y: { name: `${last}:0` } } },
    weightsManifest: [{ paths: ['w.bin'], weights }],
  };
  const bytes = new Uint8Array(Int32Array.from(Object.values(constants).flat()).buffer);
  return { name, outcome, model: 'model.json', files: { 'model.json': json(file), 'w.bin': bytes } };
}

/** The model is whole where the path is followed. */
function traversal(path: string, files: HostileFile['files']): HostileFile {
  return {
    name: `weights at ${path}`,
    outcome: 'FORMAT_INVALID',
    model: 'model.json',
    files: { 'model.json': json(layersModel([path])), ...files },
  };
}

const text = (name: string, value: unknown) => alone(name, 'FORMAT_INVALID', 'model.json', json(value));
const nested = (open: string, close: string, depth: number) => repeated(open, depth) + repeated(close, depth);

const same = Array.from({ length: 9000 }, (_, i) => `${repeated('./', i)}w.bin`);
const chain = (count: number, op: string, input: (i: number) => readonly string[], attr: object = {}) =>
  Array.from({ length: count }, (_, i) => node(op, `n${i}`, input(i), attr));
const doubled = (i: number) => (i === 0 ? ['x', 'x', 'axis'] : [`n${i - 1}`, `n${i - 1}`, 'axis']);

/** `model.json` files that are made to do harm. */
export const tfjsFiles: readonly HostileFile[] = [
  {
    name: 'a layers model',
    outcome: 'read',
    model: 'model.json',
    files: { 'model.json': json(layersModel(['w.bin'])), 'w.bin': kernel },
  },
  traversal('../secret.bin', { '../secret.bin': kernel }),
  traversal('shards/../../secret.bin', { '../secret.bin': kernel, 'shards/w.bin': kernel }),
  traversal('../../../../../../../../etc/passwd', {}),
  traversal('/etc/passwd', {}),
  { ...traversal('file:///etc/passwd', {}), outcome: 'FILE_UNREADABLE' },
  traversal('..\\secret.bin', { '../secret.bin': kernel }),
  traversal('link.bin', { '../secret.bin': kernel, 'link.bin': { linkTo: '../secret.bin' } }),
  traversal('inner/secret.bin', { '../secret.bin': kernel, inner: { linkTo: '..' } }),
  traversal('zeros', { zeros: { linkTo: '/dev/zero' } }),
  { ...traversal('round', { round: { linkTo: 'round' } }), outcome: 'FILE_UNREADABLE' },
  text('brackets in brackets', `{"modelTopology":${repeated('[', 1_000_000)}`),
  text('objects in objects', `{"modelTopology":${nested('{"a":', '}', 100_000).replace('}', '1}')}}`),
  text('models in models', {
    ...layersModel([]),
    modelTopology: JSON.parse(
      repeated('{"class_name":"Sequential","config":{"name":"m","layers":[', 50) + repeated(']}}', 50),
    ) as object,
  }),
  {
    name: 'nine thousand names of one file, for weights of no known size',
    outcome: 'FORMAT_INVALID',
    model: 'model.json',
    files: {
      'model.json': json(
        layersModel(same.slice(0, 2000), [weight('dense/kernel', [4, 1]), weight('t', [1], 'string')]),
      ),
      'w.bin': new Uint8Array(megabyte),
    },
  },
  text('a weight of 2^60 numbers', layersModel([], [weight('dense/kernel', [2 ** 30, 2 ** 30])])),
  text('a hundred weights of gigabytes that are not there', {
    ...layersModel([]),
    weightsManifest: [
      { paths: [], weights: Array.from({ length: 100 }, (_, i) => weight(`w${i}`, [2 ** 30])) },
    ],
  }),
  alone(
    'a code of Python',
    'OP_UNSUPPORTED',
    'model.json',
    json({
      format: 'layers-model',
      modelTopology: network([layer('Lambda', { name: 'l', function: ['4wEAAAA=', null, null] })]),
      weightsManifest: [],
    }),
  ),
  graphModel(
    'nodes that read each other',
    'FORMAT_INVALID',
    [node('Relu', 'a', ['b']), node('Relu', 'b', ['a'])],
    'b',
  ),
  graphModel('a node that reads itself', 'FORMAT_INVALID', [node('Add', 'a', ['x', 'a'])], 'a'),
  graphModel('a value doubled sixty times', 'FORMAT_INVALID', chain(60, 'ConcatV2', doubled), 'n59', {
    axis: [1],
  }),
  graphModel(
    'a constant doubled forty times',
    'FORMAT_INVALID',
    [
      ...chain(40, 'ConcatV2', (i) => (i === 0 ? ['c', 'c', 'axis'] : doubled(i))),
      node('Reshape', 'y', ['x', 'n39']),
    ],
    'y',
    { c: [4], axis: [0] },
  ),
  graphModel(
    'a billion zeros',
    'FORMAT_INVALID',
    [node('Fill', 'f', ['dims', 'zero']), node('Mul', 'y', ['x', 'f'])],
    'y',
    { dims: [250_000_000, 4], zero: [0] },
  ),
  graphModel(
    'a range of a billion, three hundred times',
    'FORMAT_INVALID',
    [
      ...Array.from({ length: 300 }, (_, i) => node('Range', `r${i}`, ['from', 'to', 'step'])),
      node(
        'Pack',
        'p',
        Array.from({ length: 300 }, (_, i) => `r${i}`),
      ),
      node('Reshape', 'y', ['x', 'p']),
    ],
    'y',
    { from: [0], to: [4_000_000], step: [1] },
  ),
  graphModel(
    'a part of a value a million times',
    'FORMAT_INVALID',
    [node('Split', 's', ['axis', 'x'], { num_split: { i: '1000000000' } })],
    's',
    { axis: [1] },
  ),
  graphModel(
    'a code of a function',
    'OP_UNSUPPORTED',
    [node('PyFunc', 'p', ['x'], { token: { s: 'cHlmdW5j' } })],
    'p',
  ),
  graphModel('a file that is read', 'OP_UNSUPPORTED', [node('ReadFile', 'p', ['x'])], 'p'),
];
