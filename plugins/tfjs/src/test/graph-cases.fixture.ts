import { tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import type { TfjsArtifacts } from '../artifacts.js';
import { drawn } from './drawn.fixture.js';
import {
  dtypeAttribute,
  flag,
  GraphBuilder,
  integer,
  integers,
  real,
  text,
  texts,
} from './graph-builder.fixture.js';

/** A graph; its inputs are drawn between the bounds. */
export interface GraphCase {
  readonly name: string;
  readonly artifacts: TfjsArtifacts;
  readonly bounds: readonly [number, number];
}

type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Build = (graph: GraphBuilder) => string | readonly string[];

function graphCase(name: string, build: Build, bounds: readonly [number, number] = [-2, 2]): GraphCase {
  const graph = new GraphBuilder();
  const outputs = [build(graph)].flat();
  return { name, artifacts: graph.artifacts(outputs), bounds };
}

const image = [-1, 9, 8, 4] as const;
const ints = (...values: readonly number[]) => tensor('int32', [values.length], [...values]);
const scalar = (value: number) => tensor('int32', [], [value]);
const weight = (shape: readonly number[], name = 'w') => drawn(`${name}${shape.join()}`, shape, [-0.5, 0.5]);
const nhwc = { data_format: text('NHWC') };
const same = {
  strides: integers(1, 1, 1, 1),
  dilations: integers(1, 1, 1, 1),
  padding: text('SAME'),
  ...nhwc,
};
const valid = { ...same, padding: text('VALID') };
const strided = { ...same, strides: integers(1, 2, 2, 1) };

/** One node on an input and constants. */
function single(
  name: string,
  op: string,
  shape: readonly number[],
  constants: readonly Tensor[],
  attributes: Attributes = {},
  bounds?: readonly [number, number],
): GraphCase {
  return graphCase(
    name,
    (g) => g.node(op, [g.input(shape), ...constants.map((each) => g.constant(each))], attributes),
    bounds,
  );
}

const kernel = weight([3, 3, 4, 5]);
const bias = weight([5], 'b');
const depthwise = weight([3, 2, 4, 2]);

function fused(
  name: string,
  functions: readonly string[],
  extra: readonly Tensor[],
  more: Attributes = {},
): GraphCase {
  const attributes = { ...same, fused_ops: texts(...functions), num_args: integer(extra.length), ...more };
  return single(name, '_FusedConv2D', image, [kernel, ...extra], attributes);
}

const convolutions = (): GraphCase[] => [
  single('conv same', 'Conv2D', image, [kernel], strided),
  single('conv valid', 'Conv2D', image, [kernel], { ...valid, dilations: integers(1, 2, 3, 1) }),
  single('conv explicit', 'Conv2D', image, [kernel], {
    ...same,
    padding: text('EXPLICIT'),
    explicit_paddings: integers(0, 0, 1, 2, 0, 3, 0, 0),
  }),
  fused('fused bias', ['BiasAdd'], [bias]),
  fused('fused relu', ['BiasAdd', 'Relu'], [bias]),
  fused('fused relu6', ['BiasAdd', 'Relu6'], [bias]),
  fused('fused elu', ['BiasAdd', 'Elu'], [bias]),
  fused('fused sigmoid', ['BiasAdd', 'Sigmoid'], [bias]),
  fused('fused leaky relu', ['BiasAdd', 'LeakyRelu'], [bias], { leakyrelu_alpha: real(0.125) }),
  fused('fused prelu', ['BiasAdd', 'Prelu'], [bias, weight([1, 1, 5], 'alpha')]),
  single('depthwise', 'DepthwiseConv2dNative', image, [depthwise], strided),
  single('fused depthwise', 'FusedDepthwiseConv2dNative', image, [depthwise, weight([8], 'b')], {
    ...same,
    fused_ops: texts('BiasAdd', 'Relu6'),
    num_args: integer(1),
  }),
  graphCase('conv, bias and relu apart', (g) => {
    const conv = g.node('Conv2D', [g.input(image), g.constant(kernel)], same);
    return g.node('Relu', [g.node('BiasAdd', [conv, g.constant(bias)], nhwc)]);
  }),
  graphCase('transposed', (g) => {
    const sizes = g.constant(ints(2, 18, 15, 3));
    const weights = g.constant(weight([3, 4, 3, 4]));
    return g.node('Conv2DBackpropInput', [sizes, weights, g.input(image)], strided);
  }),
  graphCase('transposed to a computed size', (g) => {
    const x = g.input([-1, 5, 6, 4]);
    const [zero, one] = [g.constant(ints(0)), g.constant(ints(1))];
    const shape = g.node('Shape', [x]);
    const extent = (i: number) => {
      const from = i === 0 ? zero : g.constant(ints(i));
      const slice = { shrink_axis_mask: integer(1), T: dtypeAttribute('int32') };
      return g.node('StridedSlice', [shape, from, g.constant(ints(i + 1)), one], slice);
    };
    const twice = (i: number) =>
      g.node('Mul', [extent(i), g.constant(scalar(2))], { T: dtypeAttribute('int32') });
    const sizes = g.node('Pack', [extent(0), twice(1), twice(2), g.constant(scalar(3))], {
      axis: integer(0),
    });
    return g.node('Conv2DBackpropInput', [sizes, g.constant(weight([4, 4, 3, 4])), x], strided);
  }),
  dilated('dilated', 'VALID', [2, 3, 2, 2], [0, 1, 0, 0]),
  dilated('dilated same', 'SAME', [0, 1, 0, 0], [0, 1, 0, 0]),
];

/** A dilated convolution as TensorFlow writes it, with what stands within. */
function dilated(
  name: string,
  padding: string,
  margins: readonly number[],
  crops: readonly number[],
): GraphCase {
  return graphCase(name, (g) => {
    const pairs = (values: readonly number[]) => g.constant(tensor('int32', [2, 2], [...values]));
    const block = g.constant(ints(2, 2));
    const cut = g.node('SpaceToBatchND', [g.input(image), block, pairs(margins)]);
    const conv = g.node('DepthwiseConv2dNative', [cut, g.constant(weight([3, 3, 4, 1]))], {
      ...same,
      padding: text(padding),
    });
    const sum = g.node('Relu', [g.node('BiasAdd', [conv, g.constant(weight([4], 'b'))])]);
    return g.node('BatchToSpaceND', [sum, block, pairs(crops)]);
  });
}

const matrices = (): GraphCase[] => [
  single('matmul', 'MatMul', [-1, 6], [weight([6, 3])]),
  single('matmul transposed', 'MatMul', [-1, 6], [weight([3, 6])], { transpose_b: flag(true) }),
  single('fused matmul', '_FusedMatMul', [-1, 6], [weight([6, 3]), weight([3], 'b')], {
    fused_ops: texts('BiasAdd', 'Relu'),
    num_args: integer(1),
  }),
  graphCase('batch matmul', (g) => {
    return g.node('BatchMatMulV2', [g.input([-1, 4, 6]), g.input([-1, 5, 6])], { adj_y: flag(true) });
  }),
];

const positive = [0.3, 2] as const;
const unaries = (): GraphCase[] => [
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

const binaries = (): GraphCase[] => [
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
  single('div no nan', 'DivNoNan', [-1, 5], [weight([5])]),
];

const normalization = (): GraphCase[] => [
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

const pools = (): GraphCase[] =>
  ['MaxPool', 'AvgPool'].flatMap((op) => [
    single(`${op} same`, op, image, [], { ...strided, ksize: integers(1, 3, 3, 1) }),
    single(`${op} valid`, op, image, [], { ...valid, ksize: integers(1, 2, 3, 1) }),
  ]);

const reductions = (): GraphCase[] => [
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

const resizing = (): GraphCase[] =>
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

const shaping = (): GraphCase[] => [
  single('pad', 'Pad', image, [tensor('int32', [4, 2], [0, 0, 1, 2, 0, 3, 0, 1])]),
  single('pad with', 'PadV2', image, [
    tensor('int32', [4, 2], [0, 0, 1, 2, 0, 3, 0, 0]),
    tensor('float32', [], [1.5]),
  ]),
  single('mirror pad', 'MirrorPad', image, [tensor('int32', [4, 2], [0, 0, 1, 2, 0, 3, 0, 0])], {
    mode: text('REFLECT'),
  }),
  single('symmetric', 'MirrorPad', image, [tensor('int32', [4, 2], [0, 0, 1, 2, 0, 3, 0, 0])], {
    mode: text('SYMMETRIC'),
  }),
  single('reshape', 'Reshape', image, [ints(-1, 36, 8)]),
  single('reshape that mixes examples', 'Reshape', image, [ints(-1, 4)]),
  single('squeeze', 'Squeeze', [-1, 1, 5, 1], [], { squeeze_dims: integers(1) }),
  single('expand dims', 'ExpandDims', [-1, 5], [scalar(-1)]),
  single('transpose', 'Transpose', image, [ints(0, 3, 1, 2)]),
  single('tile', 'Tile', [-1, 2, 3], [ints(1, 3, 2)]),
  single('broadcast', 'BroadcastTo', [2, 1, 3], [ints(2, 4, 3)]),
  single('broadcast of one example', 'BroadcastTo', [-1, 1, 3], [ints(2, 4, 3)]),
  single('depth to space', 'DepthToSpace', image, [], { block_size: integer(2), ...nhwc }),
  single('cast', 'Cast', [-1, 7], [], { SrcT: dtypeAttribute('float32'), DstT: dtypeAttribute('int32') }),
  graphCase(
    'input of integers',
    (g) => {
      const x = g.node('Cast', [g.input([-1, 6], 'int32')], {
        SrcT: dtypeAttribute('int32'),
        DstT: dtypeAttribute('float32'),
      });
      return g.node('Mul', [x, g.constant(tensor('float32', [], [0.5]))]);
    },
    [0, 200],
  ),
];

const selecting = (): GraphCase[] => [
  graphCase('concat', (g) =>
    g.node('ConcatV2', [g.input(image), g.input(image), g.constant(scalar(3))], { N: integer(2) }),
  ),
  graphCase('concat of examples', (g) =>
    g.node('ConcatV2', [g.input([2, 3]), g.input([4, 3]), g.constant(scalar(0))], { N: integer(2) }),
  ),
  graphCase('pack', (g) => g.node('Pack', [g.input([-1, 5]), g.input([-1, 5])], { axis: integer(1) })),
  graphCase('unpack', (g) => {
    const parts = g.node('Unpack', [g.input([-1, 3, 5])], { axis: integer(1), num: integer(3) });
    return [`${parts}:2`, parts, `${parts}:1`];
  }),
  graphCase('split', (g) => {
    const parts = g.node('Split', [g.constant(scalar(-1)), g.input(image)], { num_split: integer(2) });
    return g.node('Sub', [`${parts}:1`, parts]);
  }),
  graphCase('split unevenly', (g) => {
    const parts = g.node('SplitV', [g.input(image), g.constant(ints(2, -1)), g.constant(scalar(1))], {
      num_split: integer(2),
    });
    return [parts, `${parts}:1`];
  }),
  single('slice', 'Slice', image, [ints(0, 2, 1, 0), ints(-1, 3, -1, 2)]),
  single('strided slice', 'StridedSlice', image, [ints(0, 1, -1, 1), ints(0, -1, 0, 3), ints(1, 2, -2, 1)], {
    begin_mask: integer(1),
    end_mask: integer(1),
  }),
  single(
    'slice with an index',
    'StridedSlice',
    image,
    [ints(0, 1, 2, -1), ints(0, -1, 0, 0), ints(1, 1, 1, 1)],
    { begin_mask: integer(1), end_mask: integer(5), shrink_axis_mask: integer(8) },
  ),
  single('slice with an ellipsis', 'StridedSlice', image, [ints(0, 1), ints(0, 3), ints(1, 1)], {
    ellipsis_mask: integer(1),
  }),
  single('slice with a new axis', 'StridedSlice', [-1, 5], [ints(0, 0, 1), ints(0, 0, 4), ints(1, 1, 1)], {
    begin_mask: integer(1),
    end_mask: integer(1),
    new_axis_mask: integer(2),
  }),
  single('gather', 'GatherV2', image, [ints(2, 0, 2), scalar(3)], { batch_dims: integer(0) }),
  graphCase(
    'embedding',
    (g) => {
      return g.node('GatherV2', [
        g.constant(weight([12, 4])),
        g.input([-1, 6], 'int32'),
        g.constant(scalar(0)),
      ]);
    },
    [0, 12],
  ),
  single('reverse', 'ReverseV2', image, [ints(1, 3)]),
];

const known = (): GraphCase[] => [
  graphCase('flatten by shape', (g) => {
    const x = g.input(image);
    const int = { T: dtypeAttribute('int32') };
    const one = g.constant(ints(1));
    const shape = g.node('Shape', [x]);
    const examples = g.node('StridedSlice', [shape, g.constant(ints(0)), one, one], {
      shrink_axis_mask: integer(1),
      ...int,
    });
    const rest = g.node('StridedSlice', [shape, one, g.constant(ints(4)), one], int);
    const product = g.node('Prod', [rest, g.constant(ints(0))], int);
    return g.node('Reshape', [x, g.node('Pack', [examples, product], { axis: integer(0) })]);
  }),
  graphCase('half the extents', (g) => {
    const x = g.input(image);
    const int = { T: dtypeAttribute('int32') };
    const size = g.node('Slice', [g.node('Shape', [x]), g.constant(ints(1)), g.constant(ints(2))], int);
    const half = g.node('FloorDiv', [size, g.constant(scalar(2))], int);
    return g.node('ResizeBilinear', [x, half], {
      align_corners: flag(true),
      half_pixel_centers: flag(false),
    });
  }),
  graphCase('shape joined', (g) => {
    const x = g.input(image);
    const head = g.node('Slice', [g.node('Shape', [x]), g.constant(ints(0)), g.constant(ints(1))]);
    const tail = g.node('Fill', [g.constant(ints(1)), g.constant(scalar(-1))]);
    return g.node('Reshape', [x, g.node('ConcatV2', [head, tail, g.constant(scalar(0))], { N: integer(2) })]);
  }),
  graphCase('range of constants', (g) => {
    const numbers = g.node('Range', [g.constant(scalar(0)), g.constant(scalar(7)), g.constant(scalar(1))]);
    const real = g.node('Cast', [numbers], {
      SrcT: dtypeAttribute('int32'),
      DstT: dtypeAttribute('float32'),
    });
    return g.node('Mul', [g.input([-1, 7]), g.node('Sqrt', [real])]);
  }),
  graphCase('output twice', (g) => {
    const x = g.node('Relu', [g.input([-1, 4])]);
    return [x, g.node('Identity', [x])];
  }),
];

/** Graphs that between them have every op that is read, as far as TensorFlow.js runs it. */
export function graphCases(): GraphCase[] {
  return [
    ...convolutions(),
    ...matrices(),
    ...unaries(),
    ...binaries(),
    ...normalization(),
    ...pools(),
    ...reductions(),
    ...resizing(),
    ...shaping(),
    ...selecting(),
    ...known(),
  ];
}
