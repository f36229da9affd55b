import {
  averagePool2d,
  batchMatmul,
  concat,
  conv2d,
  dense,
  depthToSpace,
  depthwiseConv2d,
  dequantize,
  flatten,
  maxPool2d,
  mirrorPad,
  mul,
  pad,
  prelu,
  quantize,
  reductionOps,
  reshape,
  resizeBilinear,
  resizeNearest,
  slice,
  spaceToDepth,
  split,
  transpose,
  transposeConv2d,
} from '@whittle/core';
import type { Id, ModelBuilder, OpDefinition, Padding, Pair, ParameterRole } from '@whittle/core';

/** An op as a test applies it. */
export interface Case {
  readonly op: OpDefinition;
  readonly label?: string;
  readonly attributes: object;
  /** Shape of one example. */
  readonly input: readonly number[];
  readonly parameters?: readonly (readonly [ParameterRole, readonly number[]])[];
  /** No gradient goes through it. */
  readonly untrained?: true;
  /** Operands before the parameters; the input alone unless told. */
  readonly operands?: (builder: ModelBuilder, input: Id) => Id[];
}

const image = [7, 6, 4];
const explicit: Padding = { top: 1, bottom: 2, left: 0, right: 1 };
const window = { padding: 'same' as Padding, dilations: [1, 1] as Pair, activation: 'none' as const };
const conv = (label: string, weight: readonly number[], rest: object, bias = true): Case => ({
  op: conv2d,
  label,
  attributes: { strides: [1, 1], groups: 1, ...window, ...rest },
  input: image,
  parameters: [['weight', weight], ...(bias ? ([['bias', [weight[3]]]] as const) : [])],
});
const depthwise = (label: string, weight: readonly number[], rest: object): Case => ({
  op: depthwiseConv2d,
  label,
  attributes: { strides: [1, 1], ...window, ...rest },
  input: image,
  parameters: [
    ['weight', weight],
    ['bias', [weight[2] * weight[3]]],
  ],
});
const pool = (op: OpDefinition, label: string, rest: object): Case => ({
  op,
  label,
  attributes: { size: [2, 2], strides: [2, 2], padding: 'valid', activation: 'none', ...rest },
  input: image,
});
const none = { activation: 'none' };
const noMargin = [0, 0];
const range = (axis: number, start: number, size: number, step: number) => ({ axis, start, size, step });

export const cases: readonly Case[] = [
  conv('same', [3, 3, 4, 5], {}),
  conv('valid, strides 2 x 1, relu6', [3, 2, 4, 5], {
    padding: 'valid',
    strides: [2, 1],
    activation: 'relu6',
  }),
  conv('explicit padding, strides 2', [3, 3, 4, 5], { padding: explicit, strides: [2, 2] }, false),
  conv('dilated', [3, 2, 4, 5], { dilations: [2, 3] }),
  conv('dilated with strides', [3, 2, 4, 3], { dilations: [2, 2], strides: [2, 2] }),
  conv('groups', [3, 3, 2, 6], { groups: 2 }),
  conv('depthwise as groups', [3, 3, 1, 4], { groups: 4, activation: 'relu_n1_to_1' }),
  depthwise('same', [3, 3, 4, 1], {}),
  depthwise('multiplier 2, strides 2, relu', [3, 3, 4, 2], { strides: [2, 2], activation: 'relu' }),
  depthwise('strides 2 x 1', [3, 3, 4, 1], { strides: [2, 1] }),
  depthwise('explicit padding, strides 1 x 2', [3, 3, 4, 2], { padding: explicit, strides: [1, 2] }),
  depthwise('dilated', [3, 3, 4, 1], { dilations: [2, 1] }),
  {
    op: dense,
    attributes: { activation: 'relu' },
    input: [6],
    parameters: [
      ['weight', [6, 5]],
      ['bias', [5]],
    ],
  },
  { op: dense, label: 'rank 3, no bias', attributes: none, input: [3, 6], parameters: [['weight', [6, 5]]] },
  pool(maxPool2d, '2 x 2', {}),
  pool(maxPool2d, 'same, relu', { padding: 'same', size: [3, 3], strides: [2, 1], activation: 'relu' }),
  pool(maxPool2d, 'explicit padding', { padding: explicit, size: [3, 3] }),
  pool(averagePool2d, '2 x 2', {}),
  pool(averagePool2d, 'same', { padding: 'same', size: [3, 3] }),
  pool(averagePool2d, 'explicit padding', { padding: explicit, size: [3, 3] }),
  ...reductionOps.flatMap((op): Case[] => [
    { op, attributes: { axes: [1, 2], keepDims: false }, input: [3, 2, 4] },
    { op, label: 'one axis, kept', attributes: { axes: [3], keepDims: true }, input: image },
  ]),
  { op: flatten, attributes: {}, input: image },
  { op: reshape, attributes: { shape: ['batch', 6, 28] }, input: image },
  {
    op: concat,
    attributes: { axis: 3 },
    input: image,
    operands: (b, x) => [x, b.node('twice', mul, { activation: 'none' }, [x, x])],
  },
  {
    op: pad,
    attributes: {
      paddings: [
        [0, 0],
        [1, 2],
        [0, 0],
        [0, 3],
      ],
      value: -1.5,
    },
    input: image,
  },
  {
    op: transposeConv2d,
    label: 'same, strides 2, relu',
    attributes: { strides: [2, 2], padding: 'same', outputSize: [13, 12], activation: 'relu' },
    input: image,
    parameters: [
      ['weight', [3, 4, 4, 5]],
      ['bias', [5]],
    ],
  },
  {
    op: transposeConv2d,
    label: 'valid, strides 3 x 1, no bias',
    attributes: { strides: [3, 1], padding: 'valid', outputSize: [21, 7], activation: 'none' },
    input: image,
    parameters: [['weight', [3, 2, 4, 3]]],
  },
  { op: prelu, attributes: {}, input: image, parameters: [['weight', [4]]] },
  { op: prelu, label: 'of every element', attributes: {}, input: image, parameters: [['weight', image]] },
  {
    op: batchMatmul,
    attributes: { transposeA: false, transposeB: true },
    input: [3, 4, 5],
    operands: (b, x) => [x, b.node('twice', mul, { activation: 'none' }, [x, x])],
  },
  {
    op: batchMatmul,
    label: 'broadcast',
    attributes: { transposeA: true, transposeB: false },
    input: [3, 4, 5],
    parameters: [['weight', [1, 4, 6]]],
  },
  { op: slice, attributes: { ranges: [range(1, 1, 3, 2), range(3, 3, 2, -1)] }, input: image },
  { op: split, attributes: { axis: 3, sizes: [3, 1] }, input: image },
  { op: transpose, attributes: { permutation: [0, 3, 1, 2] }, input: image },
  { op: depthToSpace, attributes: { blockSize: 2 }, input: [3, 2, 8] },
  { op: spaceToDepth, attributes: { blockSize: 2 }, input: [4, 6, 3] },
  ...(['reflect', 'symmetric'] as const).map((mode): Case => ({
    op: mirrorPad,
    label: mode,
    attributes: { paddings: [noMargin, [2, 1], [0, 3], [1, 0]], mode },
    input: image,
  })),
  ...[resizeNearest, resizeBilinear].flatMap((op) =>
    [
      { alignCorners: false, halfPixelCenters: false },
      { alignCorners: true, halfPixelCenters: false },
      { alignCorners: false, halfPixelCenters: true },
    ].map((how): Case => ({
      op,
      label: JSON.stringify(how),
      attributes: { size: [10, 5], ...how },
      input: image,
    })),
  ),
  { op: quantize, attributes: { dtype: 'int8' }, input: [5], untrained: true },
  {
    op: dequantize,
    attributes: {},
    input: [5],
    untrained: true,
    operands: (b, x) => [b.node('quantized', quantize, { dtype: 'int8' }, [x])],
  },
];
