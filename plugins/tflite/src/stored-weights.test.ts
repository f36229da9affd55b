import { describe, expect, it } from 'vitest';
import * as core from '@whittle/core';
import {
  LoweringTable,
  ModelBuilder,
  concrete,
  float16Value,
  float32,
  interpret,
  tensor,
  typeOf,
} from '@whittle/core';
import type { Model, OpDefinition, Runtime, Tensor } from '@whittle/core';
import { createLiteRtRuntime, tflmRuntime } from '@whittle/testkit';
import { dumpTflite } from '@whittle/tflite-schema';
import { float16Bits } from './emit/float16-bits.js';
import { emitTflite, readTfliteModel, tfliteBackend, tfliteLowerings, tfliteReader } from './index.js';
import type { WeightStorage } from './index.js';
import { normal, single } from './float-ops.fixture.js';

const judged = (await tflmRuntime.unavailable()) === undefined || process.env.CI === 'true';
const runtimes = (['xnnpack', 'builtin', 'reference'] as const).map((resolver) =>
  createLiteRtRuntime({ name: resolver, resolver }),
);
const window: core.DepthwiseAttributes = {
  strides: [1, 2],
  padding: 'same',
  dilations: [1, 1],
  activation: 'relu',
};

/** Weights of all sizes: channels differ by a factor of 1000, one is zero. */
function layers(): Model {
  const build = new ModelBuilder('layers');
  const x = build.input('x', ['batch', 8, 6, 4]);
  const spread = (shape: readonly number[], axis: number) => {
    const { data } = normal(shape);
    const inner = core.sizeOf(shape.slice(axis + 1));
    const scaled = data.map((v, i) => {
      const channel = Math.floor(i / inner) % shape[axis];
      return channel === 1 ? 0 : v * 10 ** (-3 * (channel / shape[axis]));
    });
    return float32(shape, scaled);
  };
  const weight = (id: string, value: Tensor) => build.parameter(id, value, 'weight');
  const conv = { ...window, groups: 1 };
  const a = build.node('a', core.conv2d, conv, [
    x,
    weight('a/w', spread([3, 3, 4, 16], 3)),
    weight('a/b', normal([16])),
  ]);
  const b = build.node('b', core.depthwiseConv2d, window, [a, weight('b/w', spread([3, 3, 16, 1], 2))]);
  const c = build.node('c', core.conv2d, { ...conv, groups: 4 }, [b, weight('c/w', normal([3, 3, 4, 8]))]);
  const d = build.node('d', core.prelu as OpDefinition, {}, [c, weight('d/alpha', normal([8, 1, 8]))]);
  const e = build.node('e', core.add, { activation: 'none' }, [d, weight('e/w', normal([8, 1, 8]))]);
  const f = build.node('f', core.flatten as OpDefinition, {}, [e]);
  const g = build.node('g', core.dense, { activation: 'relu6' }, [
    f,
    weight('g/w', spread([64, 10], 1)),
    weight('g/b', normal([10])),
  ]);
  build.output(build.node('h', core.dense, { activation: 'none' }, [g, weight('h/w', normal([10, 1]))]));
  build.output(e);
  return build.finish();
}

const dilated = { ...window, dilations: [2, 2] as [number, number], strides: [1, 1] as [number, number] };
const image = ['batch', 8, 6, 4] as const;

/** One layer each, with at least 64 weights. */
const singles: readonly (readonly [string, Model])[] = [
  ['conv2d, dilated', single(core.conv2d, { ...dilated, groups: 1 }, [image, normal([3, 3, 4, 5])])],
  ['conv2d to 1 channel', single(core.conv2d, { ...window, groups: 1 }, [image, normal([5, 5, 4, 1])])],
  ['conv2d, 4 groups of 1', single(core.conv2d, { ...window, groups: 4 }, [image, normal([3, 3, 1, 8])])],
  ['depthwise, dilated', single(core.depthwiseConv2d, dilated, [image, normal([5, 5, 4, 1]), normal([4])])],
  ['depthwise, 2 multipliers', single(core.depthwiseConv2d, window, [image, normal([3, 3, 4, 2])])],
  [
    'depthwise of 1 channel',
    single(core.depthwiseConv2d, window, [['batch', 8, 6, 1], normal([3, 3, 1, 8])]),
  ],
  ['dense of rows', single(core.dense, { activation: 'relu' }, [['batch', 3, 16], normal([16, 5])])],
  [
    'transpose_conv2d',
    single(
      core.transposeConv2d,
      { strides: [2, 1], padding: 'same', outputSize: [16, 6], activation: 'none' },
      [image, normal([3, 3, 4, 5])],
    ),
  ],
  [
    'batch_matmul',
    single(core.batchMatmul, { transposeA: false, transposeB: false }, [[1, 3, 8], normal([1, 8, 9])]),
  ],
  ['table', single(core.gather, { axis: 1 }, [image, tensor('int32', [2], [1, 3])])],
  ['added', single(core.add, { activation: 'none' }, [image, normal([8, 6, 4])])],
];

/** A float convolution, one in int8 between QUANTIZE and DEQUANTIZE, and a float dense layer. */
function mixed(): Model {
  const build = new ModelBuilder('mixed');
  const q = (scale: number, zeroPoint: number) => ({
    scale: Float32Array.of(scale),
    zeroPoint: Int32Array.of(zeroPoint),
  });
  const perChannel = { scale: Float32Array.of(0.01, 0.02), zeroPoint: new Int32Array(2), axis: 3 };
  const conv = { ...window, strides: [1, 1] as [number, number], groups: 1 };
  const x = build.input('x', image);
  const first = build.parameter('first/w', normal([3, 3, 4, 4]), 'weight');
  const a = build.node('a', core.conv2d, conv, [x, first]);
  const b = build.node('b', core.quantize, { dtype: 'int8' }, [a], { quantization: [q(0.1, -128)] });
  const steps = Array.from({ length: 32 }, (_, i) => ((i * 37) % 255) - 127);
  const second = build.parameter(
    'second/w',
    tensor('int8', [2, 2, 4, 2], steps, perChannel),
    'weight',
    false,
  );
  const c = build.node('c', core.conv2d, conv, [b, second], { quantization: [q(0.3, -128)] });
  const d = build.node('d', core.dequantize as OpDefinition, {}, [c]);
  const e = build.node('e', core.flatten as OpDefinition, {}, [d]);
  const last = build.parameter('last/w', normal([96, 3]), 'weight');
  build.output(build.node('f', core.dense, { activation: 'none' }, [e, last]));
  return build.finish();
}

async function outputsOn(runtime: Runtime, bytes: Uint8Array, model: Model, inputs: readonly Tensor[]) {
  const context = { lowerings: new LoweringTable(), toTflite: () => Promise.resolve(bytes) };
  return (await runtime.run([{ model, inputs: [inputs] }], context))[0].outputs[0];
}

/** The largest difference of an output, by the largest value that it should have. */
function difference(found: Tensor, expected: Tensor): number {
  const values = Array.from(expected.data, Number);
  const worst = Math.max(...values.map((v, i) => Math.abs(v - Number(found.data[i]))));
  return worst / Math.max(...values.map(Math.abs));
}

/** Activations are quantized where layers with int8 weights compute: 1 of 255 steps each. */
const tolerances: Readonly<Record<WeightStorage, number>> = {
  float32: 1e-5,
  float16: 1e-5,
  'dynamic-range': 0.04,
};

describe.each(['float16', 'dynamic-range'] as const)('weights as %s', (weights) => {
  it('is told by the file, which the reader knows', async () => {
    expect(tfliteReader.storedOptions?.(await emitTflite(layers(), { weights }))).toEqual({ weights });
    expect(tfliteReader.storedOptions?.(await emitTflite(layers()))).toEqual({});
  });

  it('says so where nothing is stored in that way', async () => {
    const lowerings = new LoweringTable(tfliteLowerings);
    const notesOf = async (model: Model) =>
      (await tfliteBackend.emit(model, { lowerings, options: { weights } })).report?.notes;
    expect(await notesOf(layers())).toBeUndefined();
    const build = new ModelBuilder('none');
    build.output(build.node('y', core.relu, {}, [build.input('x', ['batch', 4])]));
    expect(await notesOf(build.finish())).toEqual([
      expect.stringContaining(`weights as ${weights} changed nothing: `),
    ]);
  });

  it('come back as the values that they stand for, and are written again as they were', async () => {
    const model = layers();
    const bytes = await emitTflite(model, { weights });
    const once = readTfliteModel(bytes);
    expect([...once.parameters.values()].every(({ tensor }) => tensor.dtype === 'float32')).toBe(true);
    for (const [id, { tensor }] of model.parameters)
      expect(difference(once.parameters.get(id)!.tensor, tensor), id).toBeLessThan(
        weights === 'float16' ? 2 ** -11 : 1 / 250,
      );
    const again = await emitTflite(once, { weights });
    expect(readTfliteModel(again)).toEqual(once);
    expect(await emitTflite(readTfliteModel(again), { weights })).toEqual(again);
    expect(readTfliteModel(await emitTflite(once))).toEqual(once);
    expect(bytes.length).toBeLessThan((await emitTflite(model)).length);
  });

  const models = [['layers', layers()] as const, ...singles];
  it.skipIf(!judged).each(models)('%s: runs in LiteRT, with and without XNNPACK', async (_, written) => {
    const bytes = await emitTflite(written, { weights });
    const model = readTfliteModel(bytes);
    const inputs = model.inputs.map(({ id }) => normal(concrete(typeOf(model, id).shape)));
    const values = interpret(model, new Map(model.inputs.map(({ id }, i) => [id, inputs[i]])));
    for (const runtime of runtimes) {
      const outputs = await outputsOn(runtime, bytes, model, inputs);
      model.outputs.forEach(({ id }, i) => {
        const found = difference(outputs[i], values.get(id)!);
        expect(found, `${runtime.name} ${id}`).toBeLessThan(tolerances[weights]);
      });
    }
  });
});

describe.each(['float32', 'float16', 'dynamic-range'] as const)('a mixed model, weights as %s', (weights) => {
  it.skipIf(!judged)('runs in LiteRT as in TFLite Micro, and comes back', async () => {
    const bytes = await emitTflite(mixed(), { weights });
    const model = readTfliteModel(bytes);
    expect(
      [...model.values.values()]
        .map(({ dtype }) => dtype)
        .sort()
        .join(' '),
    ).toBe('float32 float32 float32 float32 float32 int8 int8');
    const again = await emitTflite(model, { weights });
    expect(readTfliteModel(again)).toEqual(model);
    expect(await emitTflite(readTfliteModel(again), { weights })).toEqual(again);
    const inputs = [normal([1, 8, 6, 4])];
    const [expected] = await outputsOn(tflmRuntime, await emitTflite(model), model, inputs);
    for (const runtime of runtimes) {
      const [found] = await outputsOn(runtime, bytes, model, inputs);
      // A step of the int8 activations more or less.
      expect(difference(found, expected), runtime.name).toBeLessThan(0.04);
    }
  });
});

describe('a file', () => {
  /** Weights with their types, and operators with their versions. */
  async function linesOf(weights: WeightStorage): Promise<(string | undefined)[]> {
    const lines = dumpTflite(await emitTflite(layers(), { weights })).split('\n');
    const parts = /^ +(?:\d+: ("\w\/(?:w|alpha)\S*" \w+ \[.*?\])|([A-Z]\w+ v\d+ \S+, \S+))/;
    return lines.flatMap((line) => parts.exec(line)?.slice(1) ?? []).filter(Boolean);
  }

  it('says how weights are stored', async () => {
    expect(await linesOf('float16')).toMatchInlineSnapshot(`
      [
        ""a/w" FLOAT16 [16, 3, 3, 4]",
        ""a/w/float32" FLOAT32 [16, 3, 3, 4]",
        ""b/w" FLOAT16 [1, 3, 3, 16]",
        ""b/w/float32" FLOAT32 [1, 3, 3, 16]",
        ""c/w" FLOAT16 [8, 3, 3, 4]",
        ""c/w/float32" FLOAT32 [8, 3, 3, 4]",
        ""d/alpha" FLOAT16 [8, 1, 8]",
        ""d/alpha/float32" FLOAT32 [8, 1, 8]",
        ""e/w" FLOAT16 [8, 1, 8]",
        ""e/w/float32" FLOAT32 [8, 1, 8]",
        ""g/w" FLOAT16 [10, 64]",
        ""g/w/float32" FLOAT32 [10, 64]",
        ""h/w" FLOAT32 [1, 10]",
        "CONV_2D v1 (0, 2,",
        "DEPTHWISE_CONV_2D v1 (4, 6,",
        "CONV_2D v6 (8, 10,",
        "PRELU v1 (12, 14)",
        "ADD v1 (15, 17)",
        "FULLY_CONNECTED v1 (19, 22,",
        "FULLY_CONNECTED v6 (23, 24)",
      ]
    `);
    expect(await linesOf('dynamic-range')).toMatchInlineSnapshot(`
      [
        ""a/w" INT8 [16, 3, 3, 4]",
        ""b/w" INT8 [1, 3, 3, 16]",
        ""c/w" FLOAT32 [8, 3, 3, 4]",
        ""d/alpha" FLOAT32 [8, 1, 8]",
        ""e/w" FLOAT32 [8, 1, 8]",
        ""g/w" INT8 [10, 64]",
        ""h/w" INT8 [1, 10]",
        "CONV_2D v5 (0, 1,",
        "DEPTHWISE_CONV_2D v6 (3, 4,",
        "CONV_2D v6 (6, 7,",
        "PRELU v1 (9, 10)",
        "ADD v1 (11, 12)",
        "FULLY_CONNECTED v12 (14, 16,",
        "FULLY_CONNECTED v12 (17, 18)",
      ]
    `);
  });
});

describe('float16Bits', () => {
  it('gives each of the 65536 values back, and rounds to the nearest, ties to even', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
      (bits) => !Number.isNaN(float16Value(bits)),
    );
    expect(float16Bits(Float32Array.from(all, float16Value))).toEqual(all);
    const halves = Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -25, 3 * 2 ** -25, 65519, 65520, NaN);
    expect(Array.from(float16Bits(halves))).toEqual([0x3c00, 0x3c02, 0, 2, 0x7bff, 0x7c00, 0x7e00]);
  });
});
