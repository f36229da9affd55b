import {
  concat,
  createRandom,
  float32,
  interpret,
  lstm,
  lstmGates,
  ModelBuilder,
  runPipeline,
  sizeOf,
  svdf,
  tensor,
  typeOf,
  verify,
} from '@whittle/core';
import type { FusedActivation, Model } from '@whittle/core';
import { activationScale, evaluateInt8, INT8_OR_INT16, quantizeFloat } from '@whittle/int8';
import { describe, expect, it } from 'vitest';
import { postTraining } from './post-training.js';

const random = createRandom(5).at('recurrent');
const draw = (shape: readonly number[], spread = 1) =>
  float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => spread * random.normal()),
  );

/** Five units of rank 2 that remember 4 steps; beside the input where that is joined. */
function memory(activation: FusedActivation, joined = false, spread = 0.5): Model {
  const build = new ModelBuilder('svdf');
  const x = build.input('x', ['batch', 6]);
  const state = build.state('state', float32([1, 40]), { dtype: 'float32', shape: ['batch', 40] });
  const operands = [
    x,
    build.parameter('features', draw([6, 10], 0.4), 'weight'),
    build.parameter('time', draw([10, 4], spread), 'weight'),
    state,
    build.parameter('bias', draw([5], 0.3), 'bias'),
  ];
  const [y, next] = build.results(['y', 'state/next'], svdf, { rank: 2, activation }, operands);
  build.nextState(state, next);
  build.output(joined ? build.node('all', concat, { axis: 1 }, [y, x]) : y);
  return build.finish();
}

/** Four units over sequences of 6 steps. */
function sequence(timeMajor: boolean): Model {
  const build = new ModelBuilder('lstm');
  const x = build.input('x', timeMajor ? [6, 1, 3] : [1, 6, 3]);
  const parameters = [
    ...lstmGates.map((gate) => build.parameter(`kernel/${gate}`, draw([3, 4], 0.8), 'weight')),
    ...lstmGates.map((gate) => build.parameter(`recurrent/${gate}`, draw([4, 4], 0.5), 'weight')),
    ...lstmGates.map((gate) => build.parameter(`bias/${gate}`, draw([4], 0.5), 'bias')),
  ];
  const states = ['hidden', 'cell'].map((id) => build.state(id, float32([1, 4])));
  const ids = ['y', 'hidden/next', 'cell/next'];
  const operands = [x, ...parameters, ...states];
  const [y, ...next] = build.results(ids, lstm, { cellClip: 0, timeMajor }, operands);
  states.forEach((state, i) => build.nextState(state, next[i]));
  build.output(y);
  return build.finish();
}

/** One stream of as many inferences. */
function stream(model: Model, inferences: number) {
  const [first, ...rest] = typeOf(model, 'x').shape as number[];
  return draw([inferences * (Number(first) || 1), ...rest]);
}

async function quantized(model: Model, activations: 'int8' | 'int16'): Promise<Model> {
  const pass = postTraining({ data: [stream(model, 200)], activations });
  const { model: integer } = await runPipeline(model, [pass]);
  verify(integer);
  return integer;
}

/** Root mean square of the integer model's errors on another stream, relative to that of the outputs. */
async function errorOf(model: Model, integer: Model): Promise<number> {
  const [{ id }] = model.outputs;
  const [from, to] = ['x', id].map((value) =>
    activationScale({ name: value }, typeOf(integer, value), 'value', INT8_OR_INT16),
  );
  const x = stream(model, 50);
  const stored = Array.from(x.data as Float32Array, (value) => quantizeFloat(value, from));
  const found = (await evaluateInt8(integer, new Map([['x', tensor(from.dtype, x.shape, stored)]]))).get(id)!;
  const wanted = Array.from(interpret(model, new Map([['x', x]])).get(id)!.data, Number);
  const rms = (values: readonly number[]) => Math.hypot(...values) / Math.sqrt(values.length);
  return (
    rms(wanted.map((value, i) => value - to.scale * (Number(found.data[i]) - to.zeroPoint))) / rms(wanted)
  );
}

describe('an SVDF', () => {
  it.each([
    ['none', false],
    ['relu', false],
    ['relu6', false],
    ['relu_n1_to_1', false],
    ['none', true],
    ['relu', true],
  ] as const)(
    'with activation %s, joined with its input: %s, keeps what it computes',
    async (activation, joined) => {
      const model = memory(activation, joined, activation === 'relu_n1_to_1' ? 0.1 : 0.5);
      const integer = await quantized(model, 'int8');
      expect(await errorOf(model, integer)).toBeLessThan(0.03);
      expect(typeOf(integer, 'state').dtype).toBe('int16');
      expect(typeOf(integer, 'state/next').quantization).toEqual(typeOf(integer, 'state').quantization);
      // Beside negative values a relu has a scale of its own, which saturates at 0.
      const rescaled = integer.nodes.filter(({ op }) => op.name === 'quantize');
      expect(rescaled).toHaveLength(joined && activation === 'relu' ? 1 : 0);
    },
  );

  it('has weights of int8 and int16, and sums that stay within 32 bits', async () => {
    const integer = await quantized(memory('none', false, 100), 'int8');
    const [, features, time, , bias] = integer.nodes[0].inputs.map(
      (id) => integer.parameters.get(id)?.tensor,
    );
    expect([features, time, bias].map((each) => each?.dtype)).toEqual(['int8', 'int16', 'int32']);
    for (let unit = 0; unit < 5; unit++) {
      const taps = Array.from(time!.data.subarray(unit * 8, unit * 8 + 8) as Int16Array, Math.abs);
      const largest = taps.reduce((sum, tap) => sum + tap, 0) * 2 ** 15 + Math.abs(Number(bias!.data[unit]));
      expect(largest).toBeLessThan(2 ** 31);
      expect(largest).toBeGreaterThan(2 ** 26);
    }
  });

  it('is refused beside activations of int16, which its kernel does not take', async () => {
    await expect(quantized(memory('none'), 'int16')).rejects.toMatchObject({ code: 'QUANTIZATION_INVALID' });
  });
});

describe('an LSTM', () => {
  it.each([
    ['int8', false, 0.03],
    ['int8', true, 0.03],
    ['int16', false, 0.015],
    ['int16', true, 0.015],
  ] as const)(
    'of %s activations, time first: %s, keeps what it computes',
    async (activations, timeMajor, most) => {
      const model = sequence(timeMajor);
      const integer = await quantized(model, activations);
      expect(await errorOf(model, integer)).toBeLessThan(most);
      expect(typeOf(integer, 'hidden')).toMatchObject({
        dtype: activations,
        quantization: typeOf(integer, 'y').quantization,
      });
      const cell = typeOf(integer, 'cell');
      expect(cell.dtype).toBe('int16');
      expect(Number.isInteger(Math.log2(cell.quantization!.scale[0]))).toBe(true);
      const dtypes = integer.nodes[0].inputs
        .slice(1, 13)
        .map((id) => integer.parameters.get(id)!.tensor.dtype);
      const bias = activations === 'int8' ? 'int32' : 'int64';
      expect(dtypes).toEqual([...Array<string>(8).fill('int8'), ...Array<string>(4).fill(bias)]);
    },
  );

  it('has a cell state that holds what it was at any step', async () => {
    // The forget gate is open and the cell adds 1 at each of six steps, but is emptied at the last one.
    const build = new ModelBuilder('counter');
    const x = build.input('x', [1, 6, 1]);
    const one = (id: string, value: number) => build.parameter(id, float32([1, 1], [value]), 'weight');
    const kernel = [0, -40, 0, 0].map((value, g) => one(`kernel/${lstmGates[g]}`, value));
    const recurrent = lstmGates.map((gate) => one(`recurrent/${gate}`, 0));
    const bias = [20, 20, 20, 20].map((value, g) =>
      build.parameter(`bias/${lstmGates[g]}`, float32([1], [value]), 'bias'),
    );
    const states = ['hidden', 'cell'].map((id) => build.state(id, float32([1, 1])));
    const operands = [x, ...kernel, ...recurrent, ...bias, ...states];
    const ids = ['y', 'hidden/next', 'cell/next'];
    const [y, ...next] = build.results(ids, lstm, { cellClip: 0, timeMajor: false }, operands);
    states.forEach((state, i) => build.nextState(state, next[i]));
    build.output(y);
    const model = build.finish();
    const pass = postTraining({ data: [float32([2, 6, 1], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1])] });
    const { model: integer } = await runPipeline(model, [pass]);
    // Six at its most, one at the end of a sequence.
    expect(typeOf(integer, 'cell').quantization!.scale[0]).toBe(2 ** -12);
  });
});
