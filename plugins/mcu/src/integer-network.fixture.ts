import {
  add,
  averagePool2d,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  ModelBuilder,
  softmax,
  tensor,
} from '@whittle/core';
import type { Model, Quantization, Tensor } from '@whittle/core';

const perTensor = (scale: number, zeroPoint: number): Quantization => ({
  scale: Float32Array.of(scale),
  zeroPoint: Int32Array.of(zeroPoint),
});

/** The pseudo-random bytes of `sequence:N`: a linear congruential generator, its top byte as int8. */
export function pseudoRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state << 0) >> 24;
  };
}

/** A residual int8 network of every kind of kernel that a small image classifier needs. */
export function integerNetwork(size = 12, channels = 6, classes = 10): Model {
  const next = pseudoRandom(7);
  const builder = new ModelBuilder('integer network');
  const window = { strides: [1, 1], padding: 'same', dilations: [1, 1] } as const;
  const weight = (id: string, shape: number[], axis: number) =>
    builder.parameter(
      `${id}/weight`,
      tensor('int8', shape, Int8Array.from({ length: shape.reduce((a, b) => a * b) }, next), {
        scale: Float32Array.from({ length: shape[axis] }, (_, c) => 0.002 + c / 10000),
        zeroPoint: new Int32Array(shape[axis]),
        axis,
      }),
      'weight',
    );
  const bias = (id: string, count: number) =>
    builder.parameter(
      `${id}/bias`,
      tensor(
        'int32',
        [count],
        Int32Array.from({ length: count }, () => 20 * next()),
      ),
      'bias',
    );
  const typed = (scale: number, zeroPoint: number) => ({ quantization: [perTensor(scale, zeroPoint)] });

  const image = builder.input('image', ['batch', size, size, 1], {
    dtype: 'int8',
    quantization: perTensor(1 / 255, -128),
  });
  const stem = builder.node(
    'stem',
    conv2d,
    { ...copy(window), activation: 'relu', groups: 1 },
    [image, weight('stem', [3, 3, 1, channels], 3), bias('stem', channels)],
    typed(0.004, -128),
  );
  const spatial = builder.node(
    'spatial',
    depthwiseConv2d,
    { ...copy(window), activation: 'relu6' },
    [stem, weight('spatial', [3, 3, channels, 1], 2), bias('spatial', channels)],
    typed(0.02, -100),
  );
  const mixed = builder.node(
    'mixed',
    conv2d,
    { ...copy(window), activation: 'none', groups: 1 },
    [spatial, weight('mixed', [1, 1, channels, channels], 3), bias('mixed', channels)],
    typed(0.05, 3),
  );
  const sum = builder.node('sum', add, { activation: 'relu' }, [stem, mixed], typed(0.06, -128));
  const pooled = builder.node(
    'pooled',
    averagePool2d,
    { size: [2, 2], strides: [2, 2], padding: 'valid', activation: 'none' },
    [sum],
    typed(0.06, -128),
  );
  const flat = builder.node('flat', flatten, {}, [pooled], typed(0.06, -128));
  const features = channels * Math.floor(size / 2) ** 2;
  const scores = builder.node(
    'scores',
    dense,
    { activation: 'none' },
    [flat, weight('scores', [features, classes], 1), bias('scores', classes)],
    typed(0.2, 11),
  );
  builder.output(builder.node('probabilities', softmax, { beta: 1 }, [scores], typed(1 / 256, -128)));
  return builder.finish();
}

/** The i-th inputs of `integerNetwork`. */
export function networkInputs(count: number, size = 12): Tensor[][] {
  return Array.from({ length: count }, (_, i) => {
    const next = pseudoRandom(i + 1);
    return [tensor('int8', [1, size, size, 1], Int8Array.from({ length: size * size }, next))];
  });
}

function copy(window: {
  readonly strides: readonly [number, number];
  readonly padding: 'same';
  readonly dilations: readonly [number, number];
}) {
  const pair = ([a, b]: readonly [number, number]): [number, number] => [a, b];
  return { padding: window.padding, strides: pair(window.strides), dilations: pair(window.dilations) };
}
