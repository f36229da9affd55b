import { describe, expect, it } from 'vitest';
import * as core from '@whittle/core';
import { ModelBuilder } from '@whittle/core';
import type {
  ConvAttributes,
  DepthwiseAttributes,
  Model,
  OpDefinition,
  TransposeConvAttributes,
} from '@whittle/core';
import { comparisonCases } from './comparison-cases.fixture.js';
import { elementwiseCases } from './elementwise-cases.fixture.js';
import { indexCases } from './index-cases.fixture.js';
import { normalizationCases } from './normalization-cases.fixture.js';
import { reductionCases } from './reduction-cases.fixture.js';
import { checkFloatCases, normal, single } from './float-ops.fixture.js';

const image = ['batch', 7, 6, 4] as const;
const depthwise = (change: Partial<DepthwiseAttributes> = {}): DepthwiseAttributes => ({
  strides: [2, 1],
  padding: 'same',
  dilations: [1, 1],
  activation: 'relu6',
  ...change,
});
const conv = (change: Partial<ConvAttributes> = {}): ConvAttributes => ({
  ...depthwise(),
  groups: 1,
  ...change,
});
const up = (change: Partial<TransposeConvAttributes> = {}): TransposeConvAttributes => ({
  strides: [2, 1],
  padding: 'same',
  outputSize: [13, 6],
  activation: 'none',
  ...change,
});
const range = (axis: number, start: number, size: number, step = 1) => ({ axis, start, size, step });
const margins: [number, number][] = [
  [0, 0],
  [1, 2],
  [0, 3],
  [0, 0],
];

/** All parts of an image, of which the last one comes first. */
function split(axis: number, sizes: [number, ...number[]]): Model {
  const build = new ModelBuilder('split');
  const ids = sizes.map((_, i) => (i === 0 ? 'y' : `y${i}`));
  const parts = build.results(ids, core.split, { axis, sizes }, [build.input('x0', image)]);
  parts.reverse().forEach((id) => build.output(id));
  return build.finish();
}
const explicit = { top: 2, bottom: 1, left: 0, right: 3 };

const cases: readonly (readonly [string, Model])[] = [
  ['conv2d', single(core.conv2d, conv(), [image, normal([3, 2, 4, 5]), normal([5])])],
  [
    'conv2d, valid, dilated',
    single(core.conv2d, conv({ padding: 'valid', strides: [1, 1], dilations: [2, 3] }), [
      image,
      normal([3, 2, 4, 5]),
    ]),
  ],
  [
    'conv2d, explicit padding',
    single(core.conv2d, conv({ padding: explicit, activation: 'none' }), [
      image,
      normal([3, 2, 4, 5]),
      normal([5]),
    ]),
  ],
  [
    'conv2d, depthwise by groups',
    single(core.conv2d, conv({ groups: 4 }), [image, normal([3, 3, 1, 8]), normal([8])]),
  ],
  [
    'depthwise_conv2d',
    single(core.depthwiseConv2d, depthwise({ activation: 'relu_n1_to_1', strides: [1, 1] }), [
      image,
      normal([3, 3, 4, 2]),
    ]),
  ],
  ['dense', single(core.dense, { activation: 'relu' }, [['batch', 6], normal([6, 3]), normal([3])])],
  ['dense, rank 3, no bias', single(core.dense, { activation: 'none' }, [['batch', 5, 6], normal([6, 3])])],
  ['transpose_conv2d', single(core.transposeConv2d, up(), [image, normal([3, 2, 4, 5]), normal([5])])],
  [
    'transpose_conv2d, valid, clamped',
    single(core.transposeConv2d, up({ padding: 'valid', outputSize: [16, 8], activation: 'relu' }), [
      image,
      normal([3, 3, 4, 5]),
    ]),
  ],
  [
    'batch_matmul',
    single(core.batchMatmul, { transposeA: false, transposeB: true }, [
      ['batch', 3, 4, 5],
      ['batch', 3, 6, 5],
    ]),
  ],
  ['prelu', single(core.prelu as OpDefinition, {}, [image, normal([4])])],
  ['slice', single(core.slice, { ranges: [range(1, 2, 3), range(3, 0, 2)] }, [image])],
  ['slice with steps', single(core.slice, { ranges: [range(1, 6, 4, -2), range(2, 1, 2, 3)] }, [image])],
  ['split', split(3, [1, 1, 1, 1])],
  ['split in unequal parts', split(1, [2, 5])],
  ['transpose', single(core.transpose, { permutation: [0, 3, 1, 2] }, [image])],
  ['mirror_pad', single(core.mirrorPad, { paddings: margins, mode: 'reflect' }, [image])],
  ['mirror_pad, symmetric', single(core.mirrorPad, { paddings: margins, mode: 'symmetric' }, [image])],
  ['depth_to_space', single(core.depthToSpace, { blockSize: 2 }, [image])],
  ['space_to_depth', single(core.spaceToDepth, { blockSize: 2 }, [['batch', 4, 6, 3]])],
  ...[core.resizeNearest, core.resizeBilinear].flatMap((op) =>
    [
      { alignCorners: false, halfPixelCenters: false },
      { alignCorners: true, halfPixelCenters: false },
      { alignCorners: false, halfPixelCenters: true },
    ].map(
      (how) =>
        [
          `${op.name} ${JSON.stringify(how)}`,
          single(op as OpDefinition, { size: [10, 5], ...how }, [image]),
        ] as const,
    ),
  ),
  [
    'average_pool2d',
    single(core.averagePool2d, { size: [3, 2], strides: [2, 2], padding: 'same', activation: 'none' }, [
      image,
    ]),
  ],
  [
    'max_pool2d',
    single(core.maxPool2d, { size: [2, 2], strides: [2, 2], padding: 'valid', activation: 'relu' }, [image]),
  ],
  [
    'max_pool2d, with padding of its own',
    single(
      core.maxPool2d,
      {
        size: [3, 3],
        strides: [2, 2],
        padding: { top: 1, bottom: 1, left: 1, right: 2 },
        activation: 'none',
      },
      [image],
    ),
  ],
  ['add, broadcast', single(core.add, { activation: 'relu' }, [image, normal([4])])],
  ['maximum, clamped', single(core.maximum, { activation: 'relu6' }, [image, image])],
  ['flatten', single(core.flatten, {}, [image])],
  ['reshape', single(core.reshape, { shape: ['batch', 14, 12] }, [image])],
  ['concat', single(core.concat, { axis: 3 }, [image, image, ['batch', 7, 6, 2]])],
  [
    'concat of 23',
    single(
      core.concat,
      { axis: 1 },
      Array.from({ length: 23 }, () => ['batch', 3] as const),
    ),
  ],
  [
    'pad',
    single(
      core.pad,
      {
        paddings: [
          [0, 0],
          [1, 2],
          [0, 1],
          [0, 0],
        ],
        value: 0,
      },
      [image],
    ),
  ],
  [
    'pad with a value',
    single(
      core.pad,
      {
        paddings: [
          [0, 0],
          [1, 2],
          [0, 1],
          [3, 0],
        ],
        value: -1.5,
      },
      [image],
    ),
  ],
];

describe('every op of core, in float32', () => {
  const all = [
    ...cases.map(([label, model]) => ({ label, model })),
    ...elementwiseCases,
    ...normalizationCases,
    ...reductionCases,
    ...indexCases,
    ...comparisonCases,
  ];

  it('is among the cases', () => {
    const seen = new Set(all.flatMap(({ model }) => model.nodes.map((node) => node.op.name)));
    const missing = core.coreOps.filter((op) => !seen.has(op.name)).map((op) => op.name);
    // Layers with states have streams of their own (recurrent.test.ts).
    expect(missing).toEqual(['svdf', 'lstm', 'quantize', 'dequantize']);
  });

  checkFloatCases(all);
});
