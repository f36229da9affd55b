import { describe, expect, it } from 'vitest';
import { float32, interpret, LoweringTable, sizeOf } from '@whittle/core';
import { tflmRuntime } from '@whittle/testkit';
import { schema } from '@whittle/tflite-schema';
import { readTfliteModel } from '../index.js';
import { fileOf, list, scalar } from './one-operator-file.fixture.js';
import type { Operator } from './one-operator-file.fixture.js';

const judged = (await tflmRuntime.unavailable()) === undefined || process.env.CI === 'true';
const {
  CONCATENATION,
  PACK,
  REDUCE_MAX,
  REVERSE_V2,
  SLICE,
  SPLIT,
  SPLIT_V,
  STRIDED_SLICE,
  TRANSPOSE_CONV,
  UNPACK,
} = schema.BuiltinOperator;

const strided = (begin: number[], end: number[], strides: number[]) => [
  list(...begin),
  list(...end),
  list(...strides),
];
const x = [4, 5, 6];

const cases: readonly (readonly [string, Operator, readonly string[]])[] = [
  [
    'SLICE to the end',
    {
      operator: SLICE,
      options: new schema.SliceOptionsT(),
      operands: [x, list(1, 0, 2), list(-1, 2, 3)],
      outputs: [[3, 2, 3]],
    },
    ['slice'],
  ],
  [
    'STRIDED_SLICE from the back',
    {
      operator: STRIDED_SLICE,
      options: new schema.StridedSliceOptionsT(),
      operands: [x, ...strided([-1, -9, 5], [0, 9, -7], [-1, 2, -2])],
      outputs: [[3, 3, 3]],
    },
    ['slice'],
  ],
  [
    'STRIDED_SLICE with masks',
    {
      operator: STRIDED_SLICE,
      options: new schema.StridedSliceOptionsT(0b101, 0b011),
      operands: [x, ...strided([2, 1, 2], [1, 2, 3], [-1, 1, 1])],
      outputs: [[4, 4, 3]],
    },
    ['slice'],
  ],
  [
    'STRIDED_SLICE that drops axes',
    {
      operator: STRIDED_SLICE,
      options: new schema.StridedSliceOptionsT(0, 0, 0, 0, 0b101),
      operands: [x, ...strided([2, 1, -1], [3, 4, 0], [1, 1, 1])],
      outputs: [[3]],
    },
    ['slice', 'reshape'],
  ],
  [
    'PACK along a new first axis',
    {
      operator: PACK,
      options: new schema.PackOptionsT(2, 0),
      operands: [x, x],
      outputs: [[2, ...x]],
    },
    ['reshape', 'reshape', 'concat', 'reshape'],
  ],
  [
    'CONCATENATION along the first axis',
    {
      operator: CONCATENATION,
      options: new schema.ConcatenationOptionsT(-3),
      operands: [x, [1, 5, 6]],
      outputs: [[5, 5, 6]],
    },
    ['reshape', 'reshape', 'concat', 'reshape'],
  ],
  [
    'REDUCE_MAX over all axes',
    {
      operator: REDUCE_MAX,
      options: new schema.ReducerOptionsT(false),
      operands: [x, list(0, 1, -1)],
      outputs: [[]],
    },
    ['reshape', 'reduce_max', 'reshape'],
  ],
  [
    'REVERSE_V2',
    { operator: REVERSE_V2, options: new schema.ReverseV2OptionsT(), operands: [x, list(-2)], outputs: [x] },
    ['slice'],
  ],
  [
    'SPLIT',
    {
      operator: SPLIT,
      options: new schema.SplitOptionsT(2),
      operands: [scalar(-1), x],
      outputs: [
        [4, 5, 3],
        [4, 5, 3],
      ],
    },
    ['split'],
  ],
  [
    'SPLIT_V with a part that is left',
    {
      operator: SPLIT_V,
      options: new schema.SplitVOptionsT(3),
      operands: [x, list(1, -1, 2), scalar(1)],
      outputs: [
        [4, 1, 6],
        [4, 2, 6],
        [4, 2, 6],
      ],
    },
    ['split'],
  ],
  [
    'PACK',
    { operator: PACK, options: new schema.PackOptionsT(2, -2), operands: [x, x], outputs: [[4, 5, 2, 6]] },
    ['reshape', 'reshape', 'concat'],
  ],
  [
    'UNPACK',
    {
      operator: UNPACK,
      options: new schema.UnpackOptionsT(4, 0),
      operands: [x],
      outputs: [
        [5, 6],
        [5, 6],
        [5, 6],
        [5, 6],
      ],
    },
    ['split', 'reshape', 'reshape', 'reshape', 'reshape'],
  ],
];

const counting = (shape: readonly number[]) =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => i),
  );

describe('files written field by field', () => {
  it.each(cases)('%s becomes ops of core', (_, operator, ops) => {
    expect(readTfliteModel(fileOf(operator)).nodes.map(({ op }) => op.name)).toEqual(ops);
  });

  it.skipIf(!judged).each(cases)('%s moves the same elements in TFLite Micro', async (_, operator) => {
    const bytes = fileOf(operator);
    const model = readTfliteModel(bytes);
    const inputs = model.inputs.map(({ id }) => counting(model.values.get(id)!.shape as number[]));
    const values = interpret(model, new Map(model.inputs.map(({ id }, i) => [id, inputs[i]])));
    const context = { lowerings: new LoweringTable(), toTflite: () => Promise.resolve(bytes) };
    const [{ outputs }] = await tflmRuntime.run([{ model, inputs: [inputs] }], context);
    expect(outputs[0]).toEqual(model.outputs.map(({ id }) => values.get(id)));
  });
});

describe('what models do not have is refused', () => {
  const slice = (
    begin: number[],
    end: number[],
    strides: number[],
    options = new schema.StridedSliceOptionsT(),
  ) =>
    fileOf({
      operator: STRIDED_SLICE,
      options,
      operands: [x, ...strided(begin, end, strides)],
      outputs: [[1, 1, 1]],
    });
  const all = [
    [0, 0, 0],
    [1, 1, 1],
    [1, 1, 1],
  ] as const;
  const whole = all.map((each) => [...each]) as [number[], number[], number[]];

  it.each<readonly [string, () => Uint8Array, string]>([
    ['two ellipses', () => slice(...whole, new schema.StridedSliceOptionsT(0, 0, 3)), 'FORMAT_INVALID'],
    ['nothing', () => slice([3, 0, 0], [1, 1, 1], [1, 1, 1]), 'OP_UNSUPPORTED'],
    ['steps of zero', () => slice([0, 0, 0], [1, 1, 1], [0, 1, 1]), 'OP_UNSUPPORTED'],
    ['ranges of two axes with steps of three', () => slice([0, 0], [1, 1], [1, 1, 1]), 'FORMAT_INVALID'],
    [
      'a split that does not come out even',
      () =>
        fileOf({
          operator: SPLIT,
          options: new schema.SplitOptionsT(4),
          operands: [scalar(1), x],
          outputs: [[4, 1, 6]],
        }),
      'FORMAT_INVALID',
    ],
    [
      'a split with fewer outputs than parts',
      () =>
        fileOf({
          operator: SPLIT,
          options: new schema.SplitOptionsT(2),
          operands: [scalar(0), x],
          outputs: [[2, 5, 6]],
        }),
      'FORMAT_INVALID',
    ],
    [
      'a transposed convolution of another size',
      () =>
        fileOf({
          operator: TRANSPOSE_CONV,
          options: new schema.TransposeConvOptionsT(schema.Padding.SAME, 2, 2),
          operands: [list(1, 9, 4, 1), float32([1, 3, 3, 1]), [1, 2, 2, 1]],
          outputs: [[1, 9, 4, 1]],
        }),
      'FORMAT_INVALID',
    ],
  ])('%s', (_, file, code) => {
    const bytes = file();
    expect(() => readTfliteModel(bytes)).toThrow(expect.objectContaining({ code }));
  });
});
