import { describe, expect, it } from 'vitest';
import { float32, interpret, LoweringTable, sizeOf } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import { litertRuntime } from '@whittle/testkit';
import { schema } from '@whittle/tflite-schema';
import { readTfliteModel } from '../index.js';
import { fileOf, list } from './one-operator-file.fixture.js';
import type { Operator } from './one-operator-file.fixture.js';

const judged = (await litertRuntime.unavailable()) === undefined || process.env.CI === 'true';
const { BROADCAST_TO, EMBEDDING_LOOKUP, GATHER, STRIDED_SLICE } = schema.BuiltinOperator;

/** Begins, ends and steps, with the masks of the ellipsis, new axes and axes that go. */
const strided = (
  bounds: readonly number[][],
  masks: readonly number[],
  output: readonly number[],
): Operator => ({
  operator: STRIDED_SLICE,
  options: new schema.StridedSliceOptionsT(0, 0, ...masks),
  operands: [[4, 5, 6], ...bounds.map((each) => list(...each))],
  outputs: [output],
});

const broadcast = (from: readonly number[], to: readonly number[]): Operator => ({
  operator: BROADCAST_TO,
  version: 2,
  options: new schema.BroadcastToOptionsT(),
  operands: [from, list(...to)],
  outputs: [to],
});

const cases: readonly (readonly [string, Operator, readonly string[]])[] = [
  ['BROADCAST_TO', broadcast([4, 1, 3], [4, 5, 3]), ['tile']],
  ['BROADCAST_TO more axes', broadcast([5, 1], [2, 4, 5, 3]), ['reshape', 'tile']],
  [
    'STRIDED_SLICE with an ellipsis',
    strided(
      [
        [1, 0, 2],
        [3, 0, 4],
        [1, 1, 1],
      ],
      [0b010],
      [2, 5, 2],
    ),
    ['slice'],
  ],
  [
    'STRIDED_SLICE with a new axis, and one that goes',
    strided(
      [
        [0, 3, 1],
        [0, 4, 5],
        [1, 1, 2],
      ],
      [0, 0b001, 0b010],
      [1, 2, 6],
    ),
    ['slice', 'reshape'],
  ],
  [
    'EMBEDDING_LOOKUP',
    { operator: EMBEDDING_LOOKUP, options: null, operands: [list(2, 0, 2), [4, 5]], outputs: [[3, 5]] },
    ['gather'],
  ],
  [
    'GATHER along an axis from the back',
    {
      operator: GATHER,
      options: new schema.GatherOptionsT(-1),
      operands: [[4, 5], list(2, 0)],
      outputs: [[4, 2]],
    },
    ['gather'],
  ],
];

describe('operators that pick and repeat', () => {
  it.skipIf(!judged).each(cases)('%s: computes what LiteRT does', async (_, operator, ops) => {
    const bytes = fileOf(operator);
    const model = readTfliteModel(bytes);
    expect(model.nodes.map((node) => node.op.name)).toEqual(ops);
    const [{ id }] = model.inputs;
    const shape = model.values.get(id)?.shape as number[];
    const feed = float32(
      shape,
      Array.from({ length: sizeOf(shape) }, (_each, i) => i - 3),
    );
    const context = { lowerings: new LoweringTable(), toTflite: () => Promise.resolve(bytes) };
    const [{ outputs }] = await litertRuntime.run([{ model, inputs: [[feed]] }], context);
    const expected = interpret(model, new Map([[id, feed]])).get(model.outputs[0].id) as Tensor;
    expect(outputs[0][0].shape).toEqual(expected.shape);
    expect([...outputs[0][0].data]).toEqual([...expected.data]);
  });

  it.each([
    ['extents that are no multiples', broadcast([2, 3], [3, 3]), 'FORMAT_INVALID'],
    [
      'batch dimensions',
      {
        operator: GATHER,
        options: new schema.GatherOptionsT(1, 1),
        operands: [[2, 5], list(2, 0)],
        outputs: [[2]],
      },
      'OP_UNSUPPORTED',
    ],
  ] as const)('%s are refused', (_, operator, code) => {
    expect(() => readTfliteModel(fileOf(operator))).toThrow(expect.objectContaining({ code }));
  });
});
