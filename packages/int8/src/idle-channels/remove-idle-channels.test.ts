import { add, conv2d, dense, depthwiseConv2d, flatten, maxPool2d, ModelBuilder, tensor } from '@whittle/core';
import type { Id, Model, Quantization } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { evaluateInt8 } from '../evaluate-int8.js';
import { withoutIdleChannels } from './remove-idle-channels.js';

/** A linear congruential generator's top byte as int8. */
function bytes(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >> 24;
}

interface Choices {
  readonly seed: number;
  /** Channels of the first layer whose weights are zero; the stored constant that their bias gives. */
  readonly dead: readonly number[];
  readonly constant: number;
  readonly padding: 'same' | 'valid';
  readonly residual?: boolean;
}

const scaled = (scale: number, zeroPoint: number): Quantization => ({
  scale: Float32Array.of(scale),
  zeroPoint: Int32Array.of(zeroPoint),
});

const CHANNELS = 6;

/** conv (some channels constant), depthwise, max pool, conv, perhaps a sum of two such, dense. */
function network({ seed, dead, constant, padding, residual = false }: Choices): Model {
  const byte = bytes(seed);
  const builder = new ModelBuilder('idle');
  const window = { strides: [1, 1] as [number, number], padding, dilations: [1, 1] as [number, number] };
  const weight = (id: Id, shape: number[], axis: number, keep: (i: number) => boolean = () => true) =>
    builder.parameter(
      `${id}/weight`,
      tensor(
        'int8',
        shape,
        Int8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (keep(i) ? byte() : 0)),
        { scale: new Float32Array(shape[axis]).fill(0.01), zeroPoint: new Int32Array(shape[axis]), axis },
      ),
      'weight',
    );
  const bias = (id: Id, count: number, of: (c: number) => number = () => 5 * byte()) =>
    builder.parameter(
      `${id}/bias`,
      tensor(
        'int32',
        [count],
        Int32Array.from({ length: count }, (_, c) => of(c)),
      ),
      'bias',
    );
  const image = builder.input('image', ['batch', 7, 6, 2], { dtype: 'int8', quantization: scaled(0.05, -5) });
  // Output scale 0.05 and zero point -128: a sum of 100 is a step.
  const stem = (id: Id) =>
    builder.node(
      id,
      conv2d,
      { ...window, activation: 'relu', groups: 1 },
      [
        image,
        weight(id, [3, 3, 2, CHANNELS], 3, (i) => !dead.includes(i % CHANNELS)),
        bias(id, CHANNELS, (c) => (dead.includes(c) ? (constant + 128) * 100 : 20 * byte())),
      ],
      { quantization: [scaled(0.05, -128)] },
    );
  let value = stem('stem');
  if (residual)
    value = builder.node('sum', add, { activation: 'none' }, [value, stem('other')], {
      quantization: [scaled(0.1, -128)],
    });
  value = builder.node(
    'spatial',
    depthwiseConv2d,
    { ...window, activation: 'none' },
    [
      value,
      weight('spatial', [2, 2, CHANNELS, 1], 2),
      bias('spatial', CHANNELS, (c) => (dead.includes(c) ? 0 : 9 * byte())),
    ],
    { quantization: [scaled(0.3, 0)] },
  );
  value = builder.node(
    'pooled',
    maxPool2d,
    { size: [2, 2], strides: [1, 1], padding: 'valid', activation: 'none' },
    [value],
    { quantization: [scaled(0.3, 0)] },
  );
  value = builder.node(
    'mixed',
    conv2d,
    { ...window, activation: 'relu', groups: 1 },
    [value, weight('mixed', [2, 2, CHANNELS, 5], 3), bias('mixed', 5)],
    { quantization: [scaled(2, -128)] },
  );
  const [, height, width] = builder.typeOf(value).shape as number[];
  const flat = builder.node('flat', flatten, {}, [value], { quantization: [scaled(2, -128)] });
  builder.output(
    builder.node(
      'scores',
      dense,
      { activation: 'none' },
      [flat, weight('scores', [height * width * 5, 3], 1), bias('scores', 3)],
      { quantization: [scaled(8, 3)] },
    ),
  );
  return builder.finish();
}

async function outputs(model: Model, seed: number): Promise<unknown> {
  const byte = bytes(seed);
  const image = tensor('int8', [8, 7, 6, 2], Int8Array.from({ length: 8 * 84 }, byte));
  return (await evaluateInt8(model, new Map([['image', image]]))).get('scores')?.data;
}

const channels = (model: Model, id: Id) => model.values.get(id)?.shape.at(-1);

describe('withoutIdleChannels', () => {
  test('channels at the zero point go, through depthwise, pool and padded borders', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const model = network({ seed, dead: [1, 4], constant: -128, padding: 'same' });
      const less = await withoutIdleChannels(model);
      expect(channels(less, 'stem')).toBe(4);
      expect(channels(less, 'pooled')).toBe(4);
      expect(less.parameters.get('mixed/weight')?.tensor.shape).toEqual([2, 2, 4, 5]);
      expect(await outputs(less, seed), `seed ${seed}`).toEqual(await outputs(model, seed));
    }
  });

  test('other constants go into the bias of what reads them, unless it pads', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const valid = network({ seed, dead: [0, 2], constant: -100, padding: 'valid' });
      const less = await withoutIdleChannels(valid);
      expect(channels(less, 'stem')).toBe(4);
      expect(await outputs(less, seed), `seed ${seed}`).toEqual(await outputs(valid, seed));
      const same = network({ seed, dead: [0, 2], constant: -100, padding: 'same' });
      expect(await outputs(await withoutIdleChannels(same), seed)).toEqual(await outputs(same, seed));
    }
  });

  test('channels of a sum go where both sides are constant', async () => {
    const model = network({ seed: 3, dead: [5], constant: -128, padding: 'same', residual: true });
    const less = await withoutIdleChannels(model);
    expect(channels(less, 'sum')).toBe(5);
    expect(channels(less, 'other')).toBe(5);
    expect(await outputs(less, 9)).toEqual(await outputs(model, 9));
  });

  test('a model without idle channels is returned as it is', async () => {
    const model = network({ seed: 5, dead: [], constant: 0, padding: 'same' });
    expect(await withoutIdleChannels(model)).toBe(model);
  });

  test('channels that nothing reads go, and then what only they read', async () => {
    const model = network({ seed: 6, dead: [], constant: 0, padding: 'same' });
    const weight = model.parameters.get('mixed/weight')!;
    const data = Int8Array.from(weight.tensor.data as Int8Array, (w, i) =>
      Math.floor(i / 5) % CHANNELS === 3 ? 0 : w,
    );
    const parameters = new Map(model.parameters).set('mixed/weight', {
      ...weight,
      tensor: { ...weight.tensor, data },
    });
    const unread = { ...model, parameters };
    const less = await withoutIdleChannels(unread);
    expect(channels(less, 'stem')).toBe(5);
    expect(await outputs(less, 2)).toEqual(await outputs(unread, 2));
  });
});
