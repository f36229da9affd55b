import {
  createRandom,
  float32,
  interpret,
  lstm,
  lstmGates,
  ModelBuilder,
  sizeOf,
  tensor,
} from '@whittle/core';
import type { Model, Quantization, Tensor } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { evaluateInt8 } from '../evaluate-int8.js';
import { realValues, scaled } from '../int8-node.fixture.js';
import { prepareInt8 } from '../prepare-int8.js';
import type { ActivationDType } from '../quantized-type.js';

interface Layer {
  readonly dtype?: ActivationDType;
  readonly cell?: Quantization;
  readonly output?: Quantization;
  readonly biasType?: 'int32' | 'int64';
  readonly cellClip?: number;
  /** Everything as the real number that it stands for. */
  readonly real?: boolean;
}

const [INPUTS, UNITS] = [6, 5];

/** A layer whose weights are random and the same for each type of activations. */
function layer(change: Layer = {}): Model {
  const { dtype = 'int8', cell = scaled(2 ** -11), cellClip = 0, real = false } = change;
  const random = createRandom(4).at('weights');
  const fine = dtype === 'int16' ? 2 ** -8 : 1;
  const [input, hidden] = [scaled(2 ** -6 * fine, dtype === 'int8' ? 3 : 0), scaled(2 ** -7 * fine)];
  const stored = (value: Tensor) => (real ? realTensor(value) : value);
  const weights = (name: string, shape: readonly number[]) =>
    lstmGates.map((gate) => {
      const data = Array.from({ length: sizeOf(shape) }, () => random.int(255) - 127);
      return build.parameter(
        `${name}/${gate}`,
        stored(tensor('int8', shape, data, scaled(2 ** -7))),
        'weight',
      );
    });
  const build = new ModelBuilder('lstm');
  const x = build.input('x', [1, 4, INPUTS], real ? {} : { dtype, quantization: input });
  const parameters = [...weights('kernel', [INPUTS, UNITS]), ...weights('recurrent', [UNITS, UNITS])];
  const biasType = change.biasType ?? (dtype === 'int8' ? 'int32' : 'int64');
  const biases = lstmGates.map((gate) => {
    const data = Array.from({ length: UNITS }, () => Math.round((random.int(8000) - 4000) / fine));
    const bias = tensor(biasType, [UNITS], data, scaled(input.scale[0] * 2 ** -7));
    return build.parameter(`bias/${gate}`, stored(bias), 'bias');
  });
  const states = [
    build.state('hidden', stored(tensor(dtype, [1, UNITS], undefined, hidden))),
    build.state('cell', stored(tensor('int16', [1, UNITS], undefined, cell))),
  ];
  const quantization = real ? [] : [change.output ?? hidden, hidden, cell];
  const ids = ['y', 'hidden/next', 'cell/next'];
  const operands = [x, ...parameters, ...biases, ...states];
  const [y, ...next] = build.results(ids, lstm, { cellClip, timeMajor: false }, operands, { quantization });
  states.forEach((state, i) => build.nextState(state, next[i]));
  build.output(y);
  build.output(next[1]);
  return build.finish();
}

function realTensor(value: Tensor): Tensor {
  return float32(value.shape, realValues(value));
}

/** Sequences for three inferences. */
function sequences(model: Model): Tensor {
  const { dtype, quantization } = model.values.get('x')!;
  const random = createRandom(5).at('x');
  const half = dtype === 'int8' ? 128 : 32768;
  const shape = [3, 4, INPUTS];
  const data = Array.from({ length: sizeOf(shape) }, () => random.int(2 * half) - half);
  return tensor(dtype, shape, data, quantization);
}

describe('LSTM', () => {
  it.each<[ActivationDType, number, number]>([
    ['int8', 0, 0.02],
    ['int8', 0.75, 0.02],
    ['int16', 0, 0.002],
    ['int16', 0.75, 0.002],
  ])('of %s with clip %d is near the real layer, state by state', async (dtype, cellClip, tolerance) => {
    const model = layer({ dtype, cellClip });
    const x = sequences(model);
    const found = await evaluateInt8(model, new Map([['x', x]]));
    const expected = interpret(layer({ dtype, cellClip, real: true }), new Map([['x', realTensor(x)]]));
    for (const { id } of model.outputs) {
      const values = realTensor(found.get(id)!).data as Float32Array;
      const wanted = expected.get(id)!.data;
      values.forEach((value, i) => expect(Math.abs(value - Number(wanted[i]))).toBeLessThan(tolerance));
      expect(new Set(values).size).toBeGreaterThan(10);
    }
    const cells = expected.get('cell/next')!.data as Float32Array;
    expect(Math.max(...cells.map(Math.abs)) === 0.75).toBe(cellClip > 0);
  });

  it.each<[string, Layer, string]>([
    ['an output that is not quantized like the hidden state', { output: scaled(0.5) }, 'which it holds'],
    ['a cell state with a zero point', { cell: scaled(2 ** -11, 1) }, 'zero point 0'],
    ['a cell scale that is no power of two', { cell: scaled(0.0005) }, 'power of two'],
    ['a cell scale beyond what tanh takes', { cell: scaled(8) }, '2^-42 to 2^2'],
    ['a bias of 64 bits beside int8', { biasType: 'int64' }, 'input gate bias must be int32'],
    [
      'a bias of 32 bits beside int16',
      { dtype: 'int16', biasType: 'int32' },
      'input gate bias must be int64',
    ],
  ])('is refused with %s', async (_, change, message) => {
    await expect(prepareInt8(layer(change))).rejects.toMatchObject({
      code: 'QUANTIZATION_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });
});
