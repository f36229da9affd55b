import { describe, expect, it } from 'vitest';
import {
  float32,
  interpret,
  LoweringTable,
  lstm,
  lstmGates,
  ModelBuilder,
  print,
  sizeOf,
  svdf,
  tensor,
} from '@whittle/core';
import type { DType, LstmAttributes, Model, Quantization, Runtime, SvdfAttributes } from '@whittle/core';
import { createLiteRtRuntime, floatRuntime, lstmSuite, svdfSuite, tflmRuntime } from '@whittle/testkit';
import type { schema } from '@whittle/tflite-schema';
import { dumpTflite, readTflite, writeTflite } from '@whittle/tflite-schema';
import { normal } from './float-ops.fixture.js';
import { emitTflite, readTfliteModel } from './index.js';

const judged = (await tflmRuntime.unavailable()) === undefined || process.env.CI === 'true';

/** A layer of `units` units with memory of 4 steps. */
function memory(attributes: SvdfAttributes, biased: boolean, batch = 1): Model {
  const units = 3;
  const filters = units * attributes.rank;
  const build = new ModelBuilder('svdf');
  const x = build.input('x', [batch, 5]);
  const state = build.state('state', float32([batch, filters * 4]));
  const operands = [
    x,
    build.parameter('features', normal([5, filters]), 'weight'),
    build.parameter('time', normal([filters, 4]), 'weight'),
    state,
    ...(biased ? [build.parameter('bias', normal([units]), 'bias')] : []),
  ];
  const [y, next] = build.results(['y', 'state/next'], svdf, attributes, operands);
  build.nextState(state, next);
  build.output(y);
  return build.finish();
}

/** A layer of 4 units over sequences of 3 steps. */
function sequence(attributes: LstmAttributes, batch = 1): Model {
  const build = new ModelBuilder('lstm');
  const x = build.input('x', attributes.timeMajor ? [3, batch, 5] : [batch, 3, 5]);
  const weights = (name: string, shape: readonly number[]) =>
    lstmGates.map((gate) =>
      build.parameter(`${name}/${gate}`, normal(shape), name === 'bias' ? 'bias' : 'weight'),
    );
  const states = ['hidden', 'cell'].map((id) => build.state(id, float32([batch, 4])));
  const parameters = [...weights('kernel', [5, 4]), ...weights('recurrent', [4, 4]), ...weights('bias', [4])];
  const ids = ['y', 'hidden/next', 'cell/next'];
  const [y, ...next] = build.results(ids, lstm, attributes, [x, ...parameters, ...states]);
  states.forEach((state, i) => build.nextState(state, next[i]));
  build.output(y);
  return build.finish();
}

const models: readonly (readonly [string, Model])[] = [
  ['svdf', memory({ rank: 2, activation: 'none' }, true)],
  ['svdf without a bias, with relu', memory({ rank: 1, activation: 'relu' }, false)],
  ['svdf of two streams', memory({ rank: 3, activation: 'relu6' }, true, 2)],
  ['lstm', sequence({ cellClip: 0, timeMajor: false })],
  ['lstm with a clip, time first', sequence({ cellClip: 0.5, timeMajor: true })],
  ['lstm of two streams', sequence({ cellClip: 0, timeMajor: false }, 2)],
  ['lstm of two streams, time first', sequence({ cellClip: 0, timeMajor: true }, 2)],
];

describe('layers with states, in float32', () => {
  const context = { lowerings: new LoweringTable(), toTflite: (model: Model) => emitTflite(model) };
  const runtimes = [tflmRuntime, createLiteRtRuntime(), createLiteRtRuntime({ resolver: 'builtin' })];

  it.skipIf(!judged).each(models)(
    '%s: over several inferences the same in TFLite Micro, LiteRT and the interpreter',
    async (_, model) => {
      const { shape } = model.values.get('x')!;
      const inputs = Array.from({ length: 6 }, () => [normal(shape as number[])]);
      const [{ outputs: expected }] = await floatRuntime.run([{ model, inputs }], context);
      for (const runtime of runtimes) {
        const [{ outputs }] = await runtime.run([{ model, inputs }], context);
        const differences = outputs.flatMap(([output], inference) =>
          Array.from(output.data as Float32Array, (value, i) => {
            const wanted = Number(expected[inference][0].data[i]);
            return Math.abs(value - wanted) / (1 + Math.abs(wanted));
          }),
        );
        expect(differences).toHaveLength(6 * sizeOf(expected[0][0].shape));
        expect(Math.max(...differences), runtime.name).toBeLessThan(1e-5);
      }
    },
  );

  it.each(models)('%s: comes back from its file as it was', async (_, model) => {
    const bytes = await emitTflite(model);
    const read = readTfliteModel(bytes);
    expect(await emitTflite(read)).toEqual(bytes);
    expect(read.states).toEqual(model.states);
    const feeds = new Map([['x', normal(model.values.get('x')!.shape as number[])]]);
    expect(interpret(read, feeds)).toEqual(interpret(model, feeds));
  });
});

describe('layers with states, in integers', () => {
  const seeds = [1, 2, 3];
  const suites = [svdfSuite(seeds), svdfSuite(seeds, 'int8'), lstmSuite(seeds), lstmSuite(seeds, 'int16')];
  const cases = suites.flatMap((suite) =>
    suite.cases().map(({ name, model }) => [`${suite.name} ${name}`, model] as const),
  );

  it.each(cases)('%s: read, written and read again it is the same model', async (_, model) => {
    const bytes = await emitTflite(model);
    const read = readTfliteModel(bytes);
    expect(await emitTflite(read)).toEqual(bytes);
    expect(print(readTfliteModel(await emitTflite(read)))).toBe(print(read));
    expect(read.states.map(({ initial }) => initial)).toEqual(model.states.map(({ initial }) => initial));
  });
});

describe('an LSTM of int8 as trained networks have them', () => {
  const q = (scale: number, zeroPoint = 0): Quantization => ({
    scale: Float32Array.of(scale),
    zeroPoint: Int32Array.of(zeroPoint),
  });
  const stored = (dtype: DType, shape: readonly number[], spread: number, quantization: Quantization) =>
    tensor(
      dtype,
      shape,
      Array.from(normal(shape).data as Float32Array, (x) =>
        Math.max(-127, Math.min(127, Math.round(spread * x))),
      ),
      quantization,
    );

  function layer(): Model {
    const build = new ModelBuilder('lstm');
    const [input, hidden, cell] = [q(2 ** -6, 4), q(2 ** -7), q(2 ** -11)];
    const x = build.input('x', [1, 5, 12], { dtype: 'int8', quantization: input });
    const weights = (name: string, dtype: DType, shape: readonly number[], quantization: Quantization) =>
      lstmGates.map((gate) =>
        build.parameter(`${name}/${gate}`, stored(dtype, shape, 40, quantization), 'weight'),
      );
    const states = [
      build.state('hidden', tensor('int8', [1, 8], undefined, hidden)),
      build.state('cell', tensor('int16', [1, 8], undefined, cell)),
    ];
    const parameters = [
      ...weights('kernel', 'int8', [12, 8], q(2 ** -7)),
      ...weights('recurrent', 'int8', [8, 8], q(2 ** -8)),
      ...weights('bias', 'int32', [8], q(2 ** -13)),
    ];
    const [y, ...next] = build.results(
      ['y', 'hidden/next', 'cell/next'],
      lstm,
      { cellClip: 10, timeMajor: false },
      [x, ...parameters, ...states],
      { quantization: [hidden, hidden, cell] },
    );
    states.forEach((state, i) => build.nextState(state, next[i]));
    build.output(y);
    return build.finish();
  }

  it.skipIf(!judged)('is the same in TFLite Micro and LiteRT, but for two steps', async () => {
    const model = layer();
    const context = { lowerings: new LoweringTable(), toTflite: (each: Model) => emitTflite(each) };
    const inputs = Array.from({ length: 8 }, () => [stored('int8', [1, 5, 12], 50, q(2 ** -6, 4))]);
    const run = async (runtime: Runtime) => {
      const [{ outputs }] = await runtime.run([{ model, inputs }], context);
      return outputs.flatMap(([output]) => Array.from(output.data as Int8Array));
    };
    const expected = await run(tflmRuntime);
    expect(new Set(expected).size).toBeGreaterThan(50);
    for (const runtime of [createLiteRtRuntime(), createLiteRtRuntime({ resolver: 'builtin' })]) {
      const steps = (await run(runtime)).map((value, i) => Math.abs(value - expected[i]));
      expect(steps).toHaveLength(8 * 5 * 8);
      expect(Math.max(...steps), runtime.name).toBeLessThanOrEqual(2);
    }
  });
});

describe('files of such layers', () => {
  it('have variable tensors, which the operators have as inputs', async () => {
    const bytes = await emitTflite(sequence({ cellClip: 0, timeMajor: false }), { signature: false });
    const lines = dumpTflite(bytes).split('\n');
    expect(lines.filter((line) => line.includes('variable'))).toEqual([
      '  1: "hidden" FLOAT32 [1, 4] variable',
      '  2: "cell" FLOAT32 [1, 4] variable',
    ]);
    expect(lines.find((line) => line.includes('LSTM'))).toMatch(
      / \(0(, \d+){8}, -1, -1, -1(, \d+){4}, -1, -1, 1, 2, -1, -1, -1, -1\) -> \(15\) fused_activation_function=TANH/,
    );
  });

  type Options = schema.UnidirectionalSequenceLSTMOptionsT;
  const set = (position: number, to: number) => (_: Options, inputs: number[]) =>
    void (inputs[position] = to);
  it.each<[string, (options: Options, inputs: number[]) => void]>([
    ['peepholes', set(10, 3)],
    ['a projection', set(16, 3)],
    ['layer normalization', set(21, 3)],
    ['coupled gates', set(1, -1)],
    ['a gate without a bias', set(13, -1)],
    ['another activation', (options) => void (options.fusedActivationFunction = 1)],
    ['diagonal weights', (options) => void (options.diagonalRecurrentTensors = true)],
  ])('are refused with %s', async (_, change) => {
    const file = readTflite(await emitTflite(sequence({ cellClip: 0, timeMajor: false })));
    const [operator] = file.subgraphs[0].operators;
    change(operator.builtinOptions as Options, operator.inputs);
    expect(() => readTfliteModel(writeTflite(file))).toThrow(
      expect.objectContaining({ code: 'OP_UNSUPPORTED', node: 'y' }),
    );
  });

  it('are refused where a state is no variable', async () => {
    const file = readTflite(await emitTflite(memory({ rank: 1, activation: 'none' }, true)));
    for (const tensor of file.subgraphs[0].tensors) tensor.isVariable = false;
    expect(() => readTfliteModel(writeTflite(file))).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/FORMAT_INVALID|OP_UNSUPPORTED/) as string }),
    );
  });
});
