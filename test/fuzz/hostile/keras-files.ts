import { deflateSync } from 'node:zlib';
import { ByteWriter } from './byte-writer.js';
import { alone, json, repeated } from './hostile-file.js';
import type { HostileFile } from './hostile-file.js';
import { chunkTree, Hdf5Writer, textAttribute } from './hdf5-file.js';
import type { DataSet } from './hdf5-file.js';
import { zipArchive } from './zip-archive.js';
import type { ZipEntry, ZipOptions } from './zip-archive.js';

const megabyte = 1 << 20;

const layer = (className: string, config: object, more: object = {}) => ({
  class_name: className,
  config,
  ...more,
});
const input = (shape: readonly (number | null)[]) =>
  layer('InputLayer', { name: 'x', batch_input_shape: [null, ...shape] });
const dense = (units: number, name = 'dense') => layer('Dense', { name, units, use_bias: false });
const sequential = (layers: readonly unknown[], name = 'm') => layer('Sequential', { name, layers });

/** A model of one dense layer, which reads `width` numbers. */
const small = (width = 4) => sequential([input([width]), dense(1)]);

/** `model.weights.h5` with one weight. */
function weightsOf(build: (file: Hdf5Writer) => number): Uint8Array {
  const file = new Hdf5Writer();
  const weight = build(file);
  const variables = file.group({ '0': weight });
  const vars = file.group({ vars: variables });
  return file.finish(file.group({ layers: file.group({ dense: vars }) }));
}

function archive(
  config: unknown,
  weights: Uint8Array,
  entry: Partial<ZipEntry> = {},
  options: ZipOptions = {},
  more: readonly ZipEntry[] = [],
): Uint8Array {
  const members = [
    { name: 'config.json', data: json(config) },
    { name: 'model.weights.h5', data: weights, ...entry },
  ];
  return zipArchive([...members, ...more], options);
}

/** An .h5 model, its configuration a text of any length. */
function legacy(config: unknown, build: (file: Hdf5Writer, text: number) => number): Uint8Array {
  const file = new Hdf5Writer();
  const text = json(config);
  const heap = file.heap(text);
  const weights = build(file, heap);
  const about = textAttribute('model_config', heap, [1], text.length, false);
  return file.finish(file.group({ model_weights: weights }, [about]));
}

/** A data set of chunks that unpack to `bytes` each, with what they begin with. */
function chunked(
  file: Hdf5Writer,
  set: DataSet,
  starts: readonly (readonly number[])[],
  bytes: number,
): number {
  const packed = deflateSync(new Uint8Array(bytes), { level: 9 });
  const chunks = starts.map((start) => ({ start, stored: packed.length, at: file.bytes(packed) }));
  return file.dataSet({ filters: [1], ...set, tree: file.bytes(chunkTree(chunks)) });
}

const zeros = (width: number, elementBytes: 4 | 1 = 4) =>
  weightsOf((file) => file.dataSet({ shape: [width, 1], elementBytes }));
const good = zeros(4);
const other: ZipEntry = { name: 'other', data: new Uint8Array(64 * megabyte), deflate: true };

const archives: readonly HostileFile[] = [
  alone('an archive', 'read', 'm.keras', archive(small(), good)),
  alone(
    'a configuration of 300 MB in 300 kB',
    'FORMAT_INVALID',
    'm.keras',
    zipArchive([
      { name: 'config.json', data: new Uint8Array(300 * megabyte).fill(0x20), deflate: true },
      { name: 'model.weights.h5', data: good },
    ]),
  ),
  alone(
    'weights that unpack to 300 MB',
    'FORMAT_INVALID',
    'm.keras',
    archive(small(), new Uint8Array(300 * megabyte), { deflate: true }),
  ),
  alone(
    'weights that unpack to more than the archive says',
    'FORMAT_INVALID',
    'm.keras',
    archive(small(), new Uint8Array(300 * megabyte), { deflate: true, claimed: 4096 }),
  ),
  alone('an archive of 64 bits', 'read', 'm.keras', archive(small(), good, {}, { zip64: true })),
  alone(
    'an archive of 64 bits with a size of 2^60',
    'FORMAT_INVALID',
    'm.keras',
    archive(small(), good, { claimed: 2n ** 60n }, { zip64: true }),
  ),
  alone(
    'an archive of 64 bits that says to have four billion members',
    'FORMAT_INVALID',
    'm.keras',
    archive(small(), good, {}, { zip64: true, count: 4_000_000_000 }),
  ),
  alone(
    'a thousand members in one place',
    'read',
    'm.keras',
    archive(small(), good, {}, {}, [
      other,
      ...Array.from({ length: 1000 }, (_, i) => ({ ...other, name: `other${i}`, dataOf: 2 })),
    ]),
  ),
  alone(
    'weights that are the archive again',
    'FORMAT_INVALID',
    'm.keras',
    archive(small(), archive(small(), good)),
  ),
  alone(
    'members with paths for names',
    'read',
    'm.keras',
    archive(small(), good, {}, {}, [
      { name: '../outside', data: new Uint8Array(1) },
      { name: '/tmp/outside', data: new Uint8Array(1) },
      { name: 'config.json/../../outside', data: new Uint8Array(1) },
    ]),
  ),
  alone(
    'a configuration only outside of the archive',
    'FORMAT_INVALID',
    'm.keras',
    zipArchive([
      { name: '../config.json', data: json(small()) },
      { name: 'model.weights.h5', data: good },
    ]),
  ),
  alone(
    'two configurations',
    'FORMAT_INVALID',
    'm.keras',
    archive(small(), good, {}, {}, [{ name: 'config.json', data: json('{}') }]),
  ),
];

const millionBrackets = repeated('[', 1_000_000);

/** Configurations, in archives with weights that are good. */
const configurations: readonly (readonly [string, HostileFile['outcome'], unknown])[] = [
  ['brackets in brackets', 'FORMAT_INVALID', millionBrackets],
  [
    'an option nested a hundred thousand deep',
    'FORMAT_INVALID',
    JSON.stringify(sequential([input([4]), layer('Dense', { name: 'dense', units: 'DEEP' })])).replace(
      '"DEEP"',
      repeated('[', 100_000) + repeated(']', 100_000),
    ),
  ],
  [
    'an option nested five thousand deep',
    'FORMAT_INVALID',
    JSON.stringify(sequential([input([4]), layer('Dense', { name: 'dense', units: 'DEEP' })])).replace(
      '"DEEP"',
      repeated('[', 5000) + repeated(']', 5000),
    ),
  ],
  [
    'models in models',
    'FORMAT_INVALID',
    repeated('{"class_name":"Sequential","config":{"name":"m","layers":[', 20_000) + repeated(']}}', 20_000),
  ],
  [
    'wrappers in wrappers',
    'FORMAT_INVALID',
    sequential([
      input([4, 4]),
      Array.from({ length: 60 }).reduce<object>(
        (inner, _, i) => layer('Bidirectional', { name: `b${i}`, layer: inner }),
        layer('LSTM', { name: 'lstm', units: 1 }),
      ),
    ]),
  ],
  [
    'sequences of sequences of sequences',
    'FORMAT_INVALID',
    sequential([
      input([500, 500, 500, 4]),
      layer('TimeDistributed', {
        name: 'a',
        layer: layer('TimeDistributed', {
          name: 'b',
          layer: layer('TimeDistributed', { name: 'c', layer: layer('Flatten', { name: 'f' }) }),
        }),
      }),
    ]),
  ],
  [
    'a code of Python',
    'OP_UNSUPPORTED',
    sequential([
      input([4]),
      layer(
        'Lambda',
        { name: 'l', function: ['4wEAAAAAAAAA', null, null], function_type: 'lambda', module: 'os' },
        { module: 'keras.layers' },
      ),
      dense(1),
    ]),
  ],
  [
    'a class of a module that is to be imported',
    'OP_UNSUPPORTED',
    sequential([
      input([4]),
      layer(
        'system',
        { name: 'l', command: 'touch outside' },
        { module: 'os', registered_name: 'os>system' },
      ),
      dense(1),
    ]),
  ],
  [
    'an activation of a module',
    'OP_UNSUPPORTED',
    sequential([
      input([4]),
      layer('Dense', {
        name: 'dense',
        units: 1,
        use_bias: false,
        activation: {
          module: 'builtins',
          class_name: 'function',
          config: 'exec',
          registered_name: 'function',
        },
      }),
    ]),
  ],
  [
    'a model that is a class of a module',
    'OP_UNSUPPORTED',
    layer('Popen', { name: 'm', layers: [] }, { module: 'subprocess' }),
  ],
  [
    'a vocabulary in a file',
    'OP_UNSUPPORTED',
    sequential([
      input([4]),
      layer('StringLookup', { name: 'l', vocabulary: '/etc/passwd' }, { module: 'keras.layers' }),
      dense(1),
    ]),
  ],
  [
    'names of what objects have',
    'OP_UNSUPPORTED',
    '{"class_name":"Sequential","config":{"name":"__proto__","__proto__":{"layers":[]},"layers":[{"class_name":"constructor","config":{"name":"__proto__","batch_input_shape":[null,4]}}]}}',
  ],
  [
    'a norm of four million numbers, a thousand times',
    'FORMAT_INVALID',
    sequential([
      input([1 << 22]),
      ...Array.from({ length: 1000 }, (_, i) =>
        layer('LayerNormalization', { name: `n${i}`, axis: [1], center: false, scale: false }),
      ),
    ]),
  ],
  ['a value of 2^60 elements', 'FORMAT_INVALID', sequential([input([1 << 20, 1 << 20, 1 << 20]), dense(1)])],
  [
    'a vector that is repeated a billion times',
    'FORMAT_INVALID',
    sequential([input([4]), layer('RepeatVector', { name: 'r', n: 1_000_000_000 })]),
  ],
  [
    'layers that read each other',
    'FORMAT_INVALID',
    layer('Functional', {
      name: 'm',
      layers: [
        { ...input([4]), name: 'x', inbound_nodes: [] },
        layer('ReLU', { name: 'a' }, { name: 'a', inbound_nodes: [[['b', 0, 0, {}]]] }),
        layer('ReLU', { name: 'b' }, { name: 'b', inbound_nodes: [[['a', 0, 0, {}]]] }),
      ],
      input_layers: [['x', 0, 0]],
      output_layers: [['b', 0, 0]],
    }),
  ],
  [
    'two hundred thousand outputs of the last of fifty thousand layers',
    'FORMAT_INVALID',
    layer('Functional', {
      name: 'm',
      layers: Array.from({ length: 50_000 }, (_, i) =>
        layer('ReLU', { name: `r${i}` }, { inbound_nodes: [] }),
      ),
      input_layers: Array.from({ length: 200_000 }, () => ['r49999', 0, 0]),
      output_layers: Array.from({ length: 200_000 }, () => ['r49999', 0, 0]),
    }),
  ],
  [
    'ten thousand models that are layers, and as many tensors',
    'FORMAT_INVALID',
    layer('Functional', {
      name: 'm',
      layers: [
        ...Array.from({ length: 10_000 }, (_, i) =>
          layer('Sequential', { name: `s${i}`, layers: [input([4])] }, { inbound_nodes: [] }),
        ),
        layer(
          'Add',
          { name: 'sum' },
          { inbound_nodes: [Array.from({ length: 200_000 }, () => ['s9999', 7, 0, {}])] },
        ),
      ],
      input_layers: [['s0', 0, 0]],
      output_layers: [['sum', 0, 0]],
    }),
  ],
];

const chunks16 = Array.from({ length: 16 }, () => [0, 0] as const);

const weights: readonly HostileFile[] = [
  alone(
    'weights of 2^64 numbers',
    'FORMAT_INVALID',
    'm.keras',
    archive(
      small(),
      weightsOf((file) => file.dataSet({ shape: [2n ** 64n - 1n, 2n ** 63n] })),
    ),
  ),
  alone(
    'weights of 60 million bytes that were never written',
    'FORMAT_INVALID',
    'm.keras',
    archive(small(), zeros(60_000_000, 1)),
  ),
  alone(
    'the same as an .h5 file',
    'FORMAT_INVALID',
    'm.h5',
    legacy(small(), (file, heap) => {
      const set = file.dataSet({ shape: [60_000_000, 1], elementBytes: 1 });
      const kernel = file.heap(json('kernel'));
      return file.group({
        dense: file.group({ kernel: set }, [textAttribute('weight_names', kernel, [1], 6)]),
        heap,
      });
    }),
  ),
  alone(
    'chunks that unpack to 60 MB, sixteen in one place',
    'FORMAT_INVALID',
    'm.keras',
    archive(
      small(15 * megabyte),
      weightsOf((file) =>
        chunked(file, { shape: [15 * megabyte, 1], chunk: [15 * megabyte, 1] }, chunks16, 60 * megabyte),
      ),
    ),
  ),
  alone(
    'a chunk sixteen times as large as the data',
    'FORMAT_INVALID',
    'm.keras',
    archive(
      small(),
      weightsOf((file) => {
        const shape = [15 * megabyte, 1, 1, 1];
        return chunked(file, { shape, chunk: [30 * megabyte, 2, 2, 2] }, [[0, 0, 0, 0]], 16);
      }),
    ),
  ),
  alone(
    'rows of one byte',
    'FORMAT_INVALID',
    'm.keras',
    archive(
      small(),
      weightsOf((file) => {
        const rank = 24;
        const shape = [2_000_000, ...new Array<number>(rank - 2).fill(1), 2];
        const chunk = [2_000_000, ...new Array<number>(rank - 1).fill(1)];
        const start = new Array<number>(rank).fill(0);
        const starts = [start, [...start.slice(0, -1), 1]];
        return chunked(file, { shape, chunk, elementBytes: 1 }, starts, 2_000_000);
      }),
    ),
  ),
  alone(
    'two hundred filters',
    'FORMAT_INVALID',
    'm.keras',
    archive(
      small(),
      weightsOf((file) => {
        const filters = [...new Array<number>(200).fill(2), 1];
        const shape = [14 * megabyte, 1];
        return chunked(file, { shape, chunk: shape, filters }, [[0, 0]], 56 * megabyte);
      }),
    ),
  ),
  alone(
    'a tree that grows into itself',
    'FORMAT_INVALID',
    'm.keras',
    archive(
      small(),
      weightsOf((file) => {
        const at = file.next;
        file.bytes(chunkTree([{ start: [0, 0], stored: 0, at }], 1));
        return file.dataSet({ shape: [4, 1], chunk: [4, 1], tree: at });
      }),
    ),
  ),
  alone(
    'a group that is in itself',
    'FORMAT_INVALID',
    'm.h5',
    legacy(small(), (file) => {
      const names = file.heap(json(repeated('dense/', 5000) + 'kernel'));
      const at = file.next;
      return file.group({ dense: at }, [textAttribute('weight_names', names, [1], 30_006)]);
    }),
  ),
  alone(
    'four thousand names that are one text of 2 MB',
    'FORMAT_INVALID',
    'm.h5',
    legacy(small(), (file) => {
      const heap = file.heap(new Uint8Array(2 * megabyte).fill(0x61));
      const objects = new Array<number>(4000).fill(1);
      const attribute = (i: number) => textAttribute(`weight_names${i}`, heap, objects, 2 * megabyte);
      return file.group({ dense: file.group({}, [0, 1, 2].map(attribute)) });
    }),
  ),
  alone(
    'a file that ends behind its head',
    'FORMAT_INVALID',
    'm.h5',
    new ByteWriter().bytes(good.subarray(0, 48)).finish(),
  ),
];

/** `.keras` archives and `.h5` files that are made to do harm. */
export const kerasFiles: readonly HostileFile[] = [
  ...archives,
  ...configurations.map(([name, outcome, config]) => alone(name, outcome, 'm.keras', archive(config, good))),
  alone(
    'brackets in brackets, as an .h5 file',
    'FORMAT_INVALID',
    'm.h5',
    legacy(millionBrackets, (file) => file.group({})),
  ),
  ...weights,
];
