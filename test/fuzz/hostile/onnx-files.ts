import { alone, repeated } from './hostile-file.js';
import type { HostileFile } from './hostile-file.js';
import { message } from './protobuf.js';
import type { FieldValue } from './protobuf.js';

const megabyte = 1 << 20;
const types = { float: 1, int64: 7 } as const;
const kernel = new Uint8Array(16);

type Integers = readonly (number | bigint)[];

const node = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Uint8Array[] = [],
  domain = '',
) => message({ 1: inputs, 2: outputs, 4: op, 5: attributes, 7: domain });
const integer = (name: string, value: number) => message({ 1: name, 3: value, 20: 2 });
const graphAttribute = (name: string, graph: Uint8Array) => message({ 1: name, 6: graph, 20: 5 });
const value = (name: string, shape: Integers) =>
  message({
    1: name,
    2: message({
      1: message({ 1: types.float, 2: message({ 1: shape.map((dim) => message({ 1: dim })) }) }),
    }),
  });
const integers = (name: string, values: Integers) =>
  message({
    1: [values.length],
    2: types.int64,
    8: name,
    9: new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer),
  });
const tensor = (name: string, shape: Integers, raw: Uint8Array) =>
  message({ 1: shape, 2: types.float, 8: name, 9: raw });
const external = (name: string, shape: Integers, about: Readonly<Record<string, string>>) =>
  message({
    1: shape,
    2: types.float,
    8: name,
    13: Object.entries(about).map(([key, each]) => message({ 1: key, 2: each })),
    14: 1,
  });

interface Graph {
  readonly nodes: readonly Uint8Array[];
  readonly tensors?: readonly Uint8Array[];
  readonly output?: string;
  readonly shape?: Integers;
}

function graph({ nodes, tensors = [], output = 'y', shape = [1, 4] }: Graph): Uint8Array {
  return message({ 1: nodes, 2: 'g', 5: tensors, 11: value('x', shape), 12: value(output, [1, 1]) });
}

function model(about: Graph | Uint8Array, more: Readonly<Record<number, FieldValue>> = {}): Uint8Array {
  const inner = about instanceof Uint8Array ? about : graph(about);
  return message({ 1: 8, 7: inner, 8: message({ 1: '', 2: 17 }), ...more });
}

const product = node('MatMul', ['x', 'w'], ['y']);
const one = (name: string, outcome: HostileFile['outcome'], about: Graph | Uint8Array) =>
  alone(name, outcome, 'm.onnx', model(about));

/** The model is whole where the location is followed. */
function traversal(
  location: string,
  files: HostileFile['files'],
  outcome: HostileFile['outcome'] = 'FORMAT_INVALID',
) {
  const bytes = model({ nodes: [product], tensors: [external('w', [4, 1], { location, length: '16' })] });
  return { name: `data at ${location}`, outcome, model: 'm.onnx', files: { 'm.onnx': bytes, ...files } };
}

const chain = (count: number, make: (input: string, output: string, i: number) => Uint8Array, first = 'x') =>
  Array.from({ length: count }, (_, i) =>
    make(i === 0 ? first : `n${i - 1}`, i === count - 1 ? 'y' : `n${i}`, i),
  );
const concatOf = (input: string, output: string) =>
  node('Concat', [input, input], [output], [integer('axis', 0)]);

/** Ifs in Ifs, on a condition that is known. */
function branches(depth: number): Uint8Array {
  const condition = message({ 1: [1], 2: 9, 8: 'c', 9: Uint8Array.of(1) });
  let inner = graph({ nodes: [node('Relu', ['x'], ['y'])] });
  for (let i = 0; i < depth; i++)
    inner = graph({
      tensors: [condition],
      nodes: [
        node(
          'If',
          ['c'],
          ['y'],
          [graphAttribute('then_branch', inner), graphAttribute('else_branch', inner.subarray(0, 0))],
        ),
      ],
    });
  return inner;
}

const shared = { location: 'w.bin', offset: '0', length: String(4 * megabyte) };

/** ONNX models that are made to do harm. */
export const onnxFiles: readonly HostileFile[] = [
  one('a model', 'read', { nodes: [product], tensors: [tensor('w', [4, 1], kernel)] }),
  traversal('w.bin', { 'w.bin': kernel }, 'read'),
  traversal('../secret.bin', { '../secret.bin': kernel }),
  traversal('a/../../secret.bin', { '../secret.bin': kernel, 'a/w.bin': kernel }),
  traversal('/etc/passwd', {}),
  traversal('link.bin', { '../secret.bin': kernel, 'link.bin': { linkTo: '../secret.bin' } }),
  traversal('folder', { 'folder/w.bin': kernel }, 'FILE_UNREADABLE'),
  traversal('', {}),
  {
    name: 'a thousand tensors that are one part of a file',
    outcome: 'FORMAT_INVALID',
    model: 'm.onnx',
    files: {
      'm.onnx': model({
        nodes: [node('Sum', ['x', ...Array.from({ length: 300 }, (_, i) => `w${i}`)], ['y'])],
        tensors: Array.from({ length: 300 }, (_, i) => external(`w${i}`, [megabyte], shared)),
      }),
      'w.bin': new Uint8Array(4 * megabyte),
    },
  },
  {
    name: 'a thousand names of one file',
    outcome: 'read',
    model: 'm.onnx',
    files: {
      'm.onnx': model({
        nodes: [node('Sum', ['x', ...Array.from({ length: 1000 }, (_, i) => `w${i}`)], ['y'])],
        tensors: Array.from({ length: 1000 }, (_, i) =>
          external(`w${i}`, [1], { location: `${repeated('./', i)}w.bin`, length: '4' }),
        ),
      }),
      'w.bin': new Uint8Array(2 * megabyte),
    },
  },
  {
    name: 'a part of a file beyond 2^53',
    outcome: 'FORMAT_INVALID',
    model: 'm.onnx',
    files: {
      'm.onnx': model({
        nodes: [product],
        tensors: [external('w', [4, 1], { location: 'w.bin', offset: '99999999999999999999', length: '16' })],
      }),
      'w.bin': kernel,
    },
  },
  one('nodes that read each other', 'FORMAT_INVALID', {
    nodes: [node('Relu', ['b'], ['a']), node('Relu', ['a'], ['b']), node('Add', ['x', 'b'], ['y'])],
  }),
  one('a node that reads itself', 'FORMAT_INVALID', { nodes: [node('Add', ['x', 'y'], ['y'])] }),
  one('branches in branches', 'FORMAT_INVALID', branches(500)),
  one('a value doubled sixty times', 'FORMAT_INVALID', { nodes: chain(60, concatOf) }),
  one('a constant doubled forty times', 'FORMAT_INVALID', {
    tensors: [integers('c', [4])],
    nodes: [...chain(40, concatOf, 'c').slice(0, -1), node('Reshape', ['x', 'n38'], ['y'])],
  }),
  one('a billion zeros', 'FORMAT_INVALID', {
    tensors: [integers('dims', [1_000_000_000])],
    nodes: [node('ConstantOfShape', ['dims'], ['z']), node('Add', ['x', 'z'], ['y'])],
  }),
  one('four million zeros, a thousand times', 'FORMAT_INVALID', {
    tensors: [integers('dims', [4_000_000])],
    nodes: [
      ...Array.from({ length: 1000 }, (_, i) => node('ConstantOfShape', ['dims'], [`z${i}`])),
      node('Sum', ['x', ...Array.from({ length: 1000 }, (_, i) => `z${i}`)], ['y']),
    ],
  }),
  one('a tensor that says to have 2^60 numbers', 'FORMAT_INVALID', {
    nodes: [product],
    tensors: [tensor('w', [2n ** 30n, 2n ** 30n], kernel)],
  }),
  one('an input of 2^60 numbers', 'FORMAT_INVALID', {
    nodes: [node('Relu', ['x'], ['y'])],
    shape: [1, 2n ** 20n, 2n ** 20n, 2n ** 20n],
  }),
  one('a value that is tiled to 2^60 numbers', 'FORMAT_INVALID', {
    tensors: [integers('times', [1, 2n ** 60n])],
    nodes: [node('Tile', ['x', 'times'], ['y'])],
  }),
  one('a billion parts', 'FORMAT_INVALID', {
    nodes: [node('Split', ['x'], ['y'], [integer('num_outputs', 1_000_000_000), integer('axis', 1)])],
  }),
  alone('messages of no bytes, ten million times', 'FORMAT_INVALID', 'm.onnx', nodesWithout(10_000_000)),
  alone(
    'a code of Python',
    'OP_UNSUPPORTED',
    'm.onnx',
    model({
      nodes: [
        node(
          'PyOp',
          ['x'],
          ['y'],
          [message({ 1: 'module', 4: new TextEncoder().encode('os'), 20: 3 })],
          'ai.onnx.contrib',
        ),
      ],
    }),
  ),
  alone(
    'a function that calls itself',
    'OP_UNSUPPORTED',
    'm.onnx',
    model(
      { nodes: [node('F', ['x'], ['y'], [], 'mine')] },
      { 25: message({ 1: 'F', 4: ['x'], 5: ['y'], 7: node('F', ['x'], ['y'], [], 'mine'), 10: 'mine' }) },
    ),
  ),
];

/** A model with empty nodes: two bytes each. */
function nodesWithout(count: number): Uint8Array {
  const empty = new Uint8Array(2 * count);
  for (let i = 0; i < empty.length; i += 2) empty[i] = 0x0a;
  const inner = new Uint8Array([...message({ 2: 'g', 11: value('x', [1, 4]), 12: value('x', [1, 4]) })]);
  const whole = new Uint8Array(inner.length + empty.length);
  whole.set(inner);
  whole.set(empty, inner.length);
  return model(whole);
}
