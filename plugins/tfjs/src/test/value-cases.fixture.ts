import { tensor } from '@whittle/core';
import { drawn } from './drawn.fixture.js';
import { flag, integer, integers, real } from './graph-builder.fixture.js';
import {
  graphCase,
  image,
  ints,
  scalar,
  weight,
  nhwc,
  valid,
  strided,
  single,
} from './graph-case.fixture.js';
import type { GraphCase } from './graph-case.fixture.js';

const positive = [0.3, 2] as const;
export const unaries = (): GraphCase[] => [
  ...[
    'Abs',
    'Ceil',
    'Cos',
    'Elu',
    'Erf',
    'Exp',
    'Floor',
    'Neg',
    'Relu',
    'Relu6',
    'Round',
    'Selu',
    'Sigmoid',
  ].map((op) => single(op, op, [-1, 7], [])),
  ...['Sign', 'Sin', 'Softplus', 'Square', 'Tanh', 'Softmax', 'LogSoftmax', 'Reciprocal', 'Identity'].map(
    (op) => single(op, op, [-1, 7], []),
  ),
  ...['Log', 'Rsqrt', 'Sqrt'].map((op) => single(op, op, [-1, 7], [], {}, positive)),
  single('leaky relu', 'LeakyRelu', [-1, 7], [], { alpha: real(0.1) }),
  single('prelu', 'Prelu', image, [weight([1, 1, 4])]),
  single('clip', 'ClipByValue', [-1, 7], [tensor('float32', [], [-0.5]), tensor('float32', [], [1.25])]),
  single('clip as relu6', 'ClipByValue', [-1, 7], [tensor('float32', [], [0]), tensor('float32', [], [6])]),
];

export const binaries = (): GraphCase[] => [
  ...[
    'Add',
    'AddV2',
    'Sub',
    'Mul',
    'RealDiv',
    'Maximum',
    'Minimum',
    'SquaredDifference',
    'FloorDiv',
    'FloorMod',
  ].map((op) => graphCase(op, (g) => g.node(op, [g.input([-1, 3, 5]), g.input([-1, 1, 5])]))),
  ...['AddV2', 'Mul', 'Sub'].map((op) => single(`${op} of a constant`, op, image, [weight([4])])),
  graphCase('constant first', (g) => g.node('Sub', [g.constant(weight([1, 4])), g.input([-1, 4])])),
  single('pow', 'Pow', [-1, 7], [tensor('float32', [], [1.5])], {}, positive),
  graphCase('add n', (g) => g.node('AddN', [g.input([-1, 5]), g.input([-1, 5]), g.input([-1, 5])])),
  graphCase('div no nan', (g) => g.node('DivNoNan', [g.input([-1, 5]), g.node('Relu', [g.input([-1, 5])])])),
];

export const normalization = (): GraphCase[] => [
  single(
    'batch norm',
    'FusedBatchNormV3',
    image,
    [weight([4], 'a'), weight([4], 'c'), weight([4], 'd'), drawn('v', [4], [0.5, 1.5])],
    { epsilon: real(0.01), ...nhwc, is_training: flag(false) },
  ),
  single('lrn', 'LRN', image, [], {
    depth_radius: integer(2),
    bias: real(1.5),
    alpha: real(0.1),
    beta: real(0.75),
  }),
];

export const pools = (): GraphCase[] =>
  ['MaxPool', 'AvgPool'].flatMap((op) => [
    single(`${op} same`, op, image, [], { ...strided, ksize: integers(1, 3, 3, 1) }),
    single(`${op} valid`, op, image, [], { ...valid, ksize: integers(1, 2, 3, 1) }),
  ]);

export const reductions = (): GraphCase[] => [
  ...['Mean', 'Sum', 'Max', 'Min', 'Prod'].flatMap((op) => [
    single(op, op, image, [ints(1, 2)], { keep_dims: flag(false) }),
    single(`${op} kept`, op, image, [ints(-1)], { keep_dims: flag(true) }),
  ]),
  single('mean over everything', 'Mean', [3, 4], [ints(0, 1)]),
  single('euclidean norm', 'EuclideanNorm', image, [ints(-1)], { keep_dims: flag(true) }),
  single('arg max', 'ArgMax', image, [scalar(-1)]),
  single('arg max over the first axis', 'ArgMax', [5, 3], [scalar(0)]),
  single('arg min', 'ArgMin', image, [scalar(2)]),
  single('cumsum', 'Cumsum', [-1, 5, 3], [scalar(1)], { exclusive: flag(true), reverse: flag(true) }),
];

export const resizing = (): GraphCase[] =>
  ['ResizeBilinear', 'ResizeNearestNeighbor'].flatMap((op) =>
    [
      { align_corners: flag(false), half_pixel_centers: flag(false) },
      { align_corners: flag(true), half_pixel_centers: flag(false) },
      { align_corners: flag(false), half_pixel_centers: flag(true) },
    ].flatMap((attributes, i) => [
      single(`${op} up ${i}`, op, image, [ints(17, 20)], attributes),
      single(`${op} down ${i}`, op, image, [ints(4, 5)], attributes),
    ]),
  );
