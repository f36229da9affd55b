import { describe, expect, it } from 'vitest';
import { bind, float32, interpret, LoweringTable, sizeOf, tensor } from '@whittle/core';
import type { Model, Tensor } from '@whittle/core';
import { litertRuntime } from '@whittle/testkit';
import { schema } from '@whittle/tflite-schema';
import { emitTflite, readTfliteModel } from '../index.js';
import { graphFile } from './graph-file.fixture.js';
import type { FileGraph, FileOperator } from './graph-file.fixture.js';
import { list, scalar } from './one-operator-file.fixture.js';

const judged = (await litertRuntime.unavailable()) === undefined || process.env.CI === 'true';
const B = schema.BuiltinOperator;

const image = { name: 'image', shape: [1, 1, 1, 3], open: [-1, -1, -1, 3] };
const whole = ['batch', 4, 6, 3] as const;
const unknown = (name: string, shape: readonly number[]) => ({ name, shape });
const whole32 = (name: string, shape: readonly number[] = []) => ({ name, shape, dtype: 'int32' as const });
const shapeOf = (name: string): FileOperator => ({
  operator: B.SHAPE,
  options: new schema.ShapeOptionsT(schema.TensorType.INT32),
  inputs: [name],
  output: whole32('shape', [4]),
});
const part = (from: number, to: number, output: string, isIndex = false): FileOperator => ({
  operator: B.STRIDED_SLICE,
  options: new schema.StridedSliceOptionsT(0, 0, 0, 0, isIndex ? 1 : 0),
  inputs: ['shape', list(from), list(to), list(1)],
  output: whole32(output, isIndex ? [] : [to - from]),
});
const pack = (inputs: FileOperator['inputs'], output: string): FileOperator => ({
  operator: B.PACK,
  options: new schema.PackOptionsT(inputs.length, 0),
  inputs,
  output: whole32(output, [inputs.length]),
});
const reshapeTo = (shape: string, rank: number): FileOperator => ({
  operator: B.RESHAPE,
  inputs: ['image', shape],
  output: unknown('y', new Array<number>(rank).fill(1)),
});
const graphOf = (...operators: readonly FileOperator[]): FileGraph => ({
  inputs: [image],
  operators,
  outputs: ['y'],
});

const enlarged = graphOf(
  shapeOf('image'),
  part(1, 3, 'extents'),
  {
    operator: B.MUL,
    options: new schema.MulOptionsT(),
    inputs: ['extents', scalar(2)],
    output: whole32('double', [2]),
  },
  {
    operator: B.RESIZE_NEAREST_NEIGHBOR,
    options: new schema.ResizeNearestNeighborOptionsT(),
    inputs: ['image', 'double'],
    output: unknown('y', [1, 1, 1, 3]),
  },
);
const rows = graphOf(
  shapeOf('image'),
  part(0, 1, 'batch', true),
  part(1, 4, 'rest'),
  {
    operator: B.REDUCE_PROD,
    options: new schema.ReducerOptionsT(false),
    inputs: ['rest', list(0)],
    output: whole32('size'),
  },
  pack(['batch', 'size'], 'to'),
  reshapeTo('to', 2),
);
const halves = graphOf(
  shapeOf('image'),
  part(2, 3, 'width', true),
  {
    operator: B.FLOOR_DIV,
    options: new schema.FloorDivOptionsT(),
    inputs: ['width', scalar(4)],
    output: whole32('quarter'),
  },
  pack([scalar(-1), 'quarter', scalar(3)], 'to'),
  reshapeTo('to', 3),
);
const positions = graphOf(
  shapeOf('image'),
  part(2, 3, 'width', true),
  {
    operator: B.RANGE,
    options: new schema.RangeOptionsT(),
    inputs: [scalar(0), 'width', scalar(1)],
    output: whole32('range', [1]),
  },
  {
    operator: B.CAST,
    options: new schema.CastOptionsT(schema.TensorType.INT32, schema.TensorType.FLOAT32),
    inputs: ['range'],
    output: unknown('positions', [1]),
  },
  {
    operator: B.EXPAND_DIMS,
    options: new schema.ExpandDimsOptionsT(),
    inputs: ['positions', scalar(-1)],
    output: unknown('column', [1, 1]),
  },
  {
    operator: B.FILL,
    options: new schema.FillOptionsT(),
    inputs: [list(1, 3), tensor('float32', [], [0.5])],
    output: unknown('half', [1, 3]),
  },
  {
    operator: B.MUL,
    options: new schema.MulOptionsT(),
    inputs: ['column', 'half'],
    output: unknown('offsets', [1, 3]),
  },
  {
    operator: B.ADD,
    options: new schema.AddOptionsT(),
    inputs: ['image', 'offsets'],
    output: unknown('y', [1, 1, 1, 3]),
  },
);
const squeezed = graphOf(
  {
    operator: B.MEAN,
    options: new schema.ReducerOptionsT(true),
    inputs: ['image', list(1)],
    output: unknown('mean', [1, 1, 1, 3]),
  },
  {
    operator: B.SQUEEZE,
    options: new schema.SqueezeOptionsT([-3]),
    inputs: ['mean'],
    output: unknown('y', [1, 1, 3]),
  },
);
const largest = graphOf(
  {
    operator: B.REDUCE_MAX,
    options: new schema.ReducerOptionsT(false),
    inputs: ['image', list(0, 1, 2, 3)],
    output: unknown('largest', []),
  },
  {
    operator: B.SUB,
    options: new schema.SubOptionsT(),
    inputs: ['image', 'largest'],
    output: unknown('y', [1, 1, 1, 3]),
  },
);

async function run(model: Model, bytes: Uint8Array, batch: number): Promise<readonly [Tensor, Tensor]> {
  const bound = bind(model, { batch });
  const [{ id }] = bound.inputs;
  const shape = bound.values.get(id)!.shape as number[];
  const feed = float32(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i)),
  );
  const context = { lowerings: new LoweringTable(), toTflite: () => Promise.resolve(bytes) };
  const [{ outputs }] = await litertRuntime.run([{ model: bound, inputs: [[feed]] }], context);
  return [outputs[0][0], interpret(bound, new Map([[id, feed]])).get(bound.outputs[0].id)!];
}

describe('a file whose inputs leave extents open', () => {
  it
    .skipIf(!judged)
    .each<readonly [string, FileGraph, readonly string[], Model['inputs'][0]['id'] | undefined]>([
      ['computes extents: an image of twice the size', enlarged, ['resize_nearest'], undefined],
      ['computes extents: rows of each example', rows, ['flatten'], undefined],
      ['computes extents: quarters of the width', halves, ['reshape'], '1'],
      ['makes values of extents', positions, ['add'], undefined],
      ['drops axes', squeezed, ['mean', 'reshape'], undefined],
      ['mixes examples', largest, ['reshape', 'reduce_max', 'reshape', 'sub'], '1'],
    ])('%s', async (_, graph, ops, batch) => {
    const bytes = graphFile(graph);
    const model = readTfliteModel(bytes, { shapes: whole });
    expect(model.nodes.map((node) => node.op.name)).toEqual(ops);
    expect(model.metadata['tflite/batch']).toBe(batch);
    expect(model.values.get('image')?.shape[0]).toBe(batch === undefined ? 'batch' : 1);
    const [found, expected] = await run(model, bytes, batch === undefined ? 2 : 1);
    expect(found.shape).toEqual(expected.shape);
    found.data.forEach((value, i) => expect(Number(value)).toBeCloseTo(Number(expected.data[i]), 5));
    expect(readTfliteModel(await emitTflite(model))).toEqual(model);
  });

  it('is refused where they aren’t told, by name', () => {
    const bytes = graphFile(squeezed);
    const message = "'image' [?, ?, ?, 3] (axes 1, 2). Give whole shapes: as the option `shapes`";
    expect(() => readTfliteModel(bytes)).toThrow(
      expect.objectContaining({ code: 'SHAPE_OPEN', message: expect.stringContaining(message) as string }),
    );
    for (const shapes of [[1, 4, 6], [1, 4, 6, 1], new Map([['picture', [1, 4, 6, 3]]])])
      expect(() => readTfliteModel(bytes, { shapes })).toThrow(
        expect.objectContaining({ code: 'OPTION_INVALID' }),
      );
  });

  it('is refused where its operators don’t fit what is told', () => {
    const odd = graphOf({
      operator: B.RESHAPE,
      options: new schema.ReshapeOptionsT([-1, 24]),
      inputs: ['image'],
      output: unknown('y', [1, 1]),
    });
    expect(() => readTfliteModel(graphFile(odd), { shapes: [1, 5, 1, 3] })).toThrow(
      expect.objectContaining({
        code: 'SHAPE_MISMATCH',
        message: expect.stringContaining('the option `shapes`, --shape') as string,
      }),
    );
    expect(readTfliteModel(graphFile(odd), { shapes: [1, 4, 2, 3] }).values.get('y')?.shape).toEqual([1, 24]);
  });

  it('names operators that can’t be read before it asks for shapes', () => {
    const odd = graphOf({
      operator: B.BUCKETIZE,
      inputs: ['image'],
      output: unknown('y', [1, 1, 1, 3]),
    });
    expect(() => readTfliteModel(graphFile(odd))).toThrow(
      expect.objectContaining({
        code: 'OP_UNSUPPORTED',
        message: expect.stringContaining("1 operator can't be read: y: no op for BUCKETIZE\n") as string,
        problems: [
          expect.objectContaining({ code: 'OP_UNSUPPORTED' }),
          expect.objectContaining({ code: 'SHAPE_OPEN' }),
        ],
      }),
    );
  });

  it('makes no more values than a file of its size', () => {
    const filled = graphOf(
      {
        operator: B.FILL,
        options: new schema.FillOptionsT(),
        inputs: [list(1 << 14, 1 << 14), tensor('float32', [], [1])],
        output: unknown('filled', [1, 1]),
      },
      {
        operator: B.ADD,
        options: new schema.AddOptionsT(),
        inputs: ['image', 'filled'],
        output: unknown('y', [1, 1, 1, 3]),
      },
    );
    expect(() => readTfliteModel(graphFile(filled), { shapes: whole })).toThrow('constants of more elements');
  });
});
