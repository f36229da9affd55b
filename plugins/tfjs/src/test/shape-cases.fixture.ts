import { tensor } from '@whittle/core';
import { dtypeAttribute, flag, integer, integers, text } from './graph-builder.fixture.js';
import { graphCase, image, ints, scalar, weight, nhwc, single } from './graph-case.fixture.js';
import type { GraphCase } from './graph-case.fixture.js';

export const shaping = (): GraphCase[] => [
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

export const selecting = (): GraphCase[] => [
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

export const known = (): GraphCase[] => [
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
