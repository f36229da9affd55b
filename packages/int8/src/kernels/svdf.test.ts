import { ModelBuilder, svdf, tensor } from '@whittle/core';
import type { Model, Quantization, Tensor } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { evaluateInt8 } from '../evaluate-int8.js';
import { scaled } from '../int8-node.fixture.js';
import { prepareInt8 } from '../prepare-int8.js';

interface Layer {
  readonly activation?: 'none' | 'relu';
  readonly time?: Tensor;
  readonly state?: Tensor;
  readonly next?: Quantization;
  readonly bias?: Tensor;
  readonly output?: Quantization;
}

/** One unit of one filter over two features, with a memory of two steps: all factors 1 unless told. */
function layer(change: Layer = {}): Model {
  const time = change.time ?? tensor('int16', [1, 2], [10, 1], scaled(1));
  const state = change.state ?? tensor('int16', [1, 2], [0, 0], scaled(1));
  const bias = change.bias ?? tensor('int32', [1], [100], scaled(1));
  const build = new ModelBuilder('svdf');
  const x = build.input('x', [1, 2], { dtype: 'int8', quantization: scaled(1, 1) });
  const kept = build.state('state', state);
  const operands = [
    x,
    build.parameter('features', tensor('int8', [2, 1], [2, -3], scaled(1)), 'weight'),
    build.parameter('time', time, 'weight'),
    kept,
    build.parameter('bias', bias, 'bias'),
  ];
  const attributes = { rank: 1, activation: change.activation ?? 'none' } as const;
  const quantization = [change.output ?? scaled(1, -5), change.next ?? state.quantization];
  const [y, next] = build.results(['y', 'next'], svdf, attributes, operands, { quantization });
  build.nextState(kept, next);
  build.output(y);
  return build.finish();
}

async function stream(model: Model, ...steps: readonly (readonly number[])[]): Promise<number[]> {
  const x = tensor('int8', [steps.length, 2], steps.flat(), scaled(1, 1));
  return Array.from((await evaluateInt8(model, new Map([['x', x]]))).get('y')!.data, Number);
}

describe('SVDF', () => {
  it('adds up what it remembers of earlier inferences', async () => {
    // Features: 2 (3 - 1) - 3 (2 - 1) = 1, then -5, then 6.
    expect(await stream(layer(), [3, 2], [0, 2], [4, 1])).toEqual([
      1 + 100 - 5,
      10 - 5 + 100 - 5,
      -50 + 6 + 100 - 5,
    ]);
  });

  it('wraps a state of int8 whose zero point takes it beyond its type', async () => {
    const state = tensor('int8', [1, 2], [100, 100], scaled(1, 100));
    const time = tensor('int8', [1, 2], [0, 1], scaled(1));
    // 2 * 25 less 3 * 1 is 47; 147 is stored as -109, which is -209 steps from the zero point.
    expect(await stream(layer({ state, time, output: scaled(1) }), [26, 2])).toEqual([-209 + 100]);
  });

  it('saturates a state of int16', async () => {
    const state = tensor('int16', [1, 2], [0, 0], scaled(1 / 4096));
    const bias = tensor('int32', [1], [0], scaled(1 / 4096));
    expect(await stream(layer({ state, bias, output: scaled(0.125) }), [127, 1])).toEqual([64]);
  });

  it.each<[string, Layer, string]>([
    ['relu that leaves values below zero', { activation: 'relu' }, 'no clamp'],
    ['another quantization of the next state', { next: scaled(2) }, 'quantized like the state'],
    [
      'a state of int16 with a zero point',
      { state: tensor('int16', [1, 2], [0, 0], scaled(1, 3)) },
      'zero point 0',
    ],
    [
      'time weights of another type than the state',
      { time: tensor('int8', [1, 2], [1, 1], scaled(1)) },
      'time weights must be int16, found int8',
    ],
    [
      'time weights with a zero point',
      { time: tensor('int16', [1, 2], [1, 1], scaled(1, 2)) },
      'zero point 0, found 2',
    ],
    ['a bias of another scale', { bias: tensor('int32', [1], [0], scaled(0.5)) }, '= 1, found 0.5'],
    ['a bias of another type', { bias: tensor('int64', [1], [0], scaled(1)) }, 'must be int32'],
  ])('is refused with %s', async (_, change, message) => {
    await expect(prepareInt8(layer(change))).rejects.toMatchObject({
      code: 'QUANTIZATION_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });

  it('takes relu where the output has no values below zero', async () => {
    const model = layer({ activation: 'relu', output: scaled(1, -128) });
    expect(await stream(model, [3, 2], [1, 127])).toEqual([101 - 128, -128]);
  });
});
