import {
  add,
  averagePool2d,
  batchNorm,
  concat,
  conv2d,
  createRandom,
  dense,
  depthwiseConv2d,
  flatten,
  float32,
  ModelBuilder,
  relu,
  sigmoid,
  sizeOf,
  softmax,
} from '@whittle/core';
import type { Feeds, Id, Model, ParameterRole, Tensor } from '@whittle/core';

const random = createRandom(21).at('network');

/** Normal values. */
export function normal(shape: readonly number[], deviation = 1, mean = 0): Tensor<'float32'> {
  return float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => mean + deviation * random.normal()),
  );
}

/** Images to feed `x` of `floatNetwork`. */
export function images(count: number): Feeds {
  return new Map([['x', normal([count, 8, 8, 3])]]);
}

/**
 * A small network with most of what quantization has to deal with: batch norm, a depthwise convolution, a residual add, a
 * gate, concat, average pooling, softmax. Input x [batch, 8, 8, 3], output y [batch, 4].
 */
export function floatNetwork(): Model {
  const build = new ModelBuilder('small');
  const parameter = (id: Id, role: ParameterRole, shape: number[], deviation: number, mean = 0) =>
    build.parameter(id, normal(shape, deviation, mean), role);
  const attributes = { strides: [1, 1], dilations: [1, 1], padding: 'same', activation: 'none' } as const;
  const window = {
    ...attributes,
    strides: [1, 1] as [number, number],
    dilations: [1, 1] as [number, number],
  };
  const x = build.input('x', ['batch', 8, 8, 3]);
  const conv = build.node('conv', conv2d, { ...window, groups: 1 }, [
    x,
    parameter('conv/w', 'weight', [3, 3, 3, 8], 0.3),
  ]);
  const normalized = build.node('bn', batchNorm, { epsilon: 1e-3 }, [
    conv,
    parameter('bn/scale', 'scale', [8], 0.2, 1),
    parameter('bn/offset', 'offset', [8], 0.5),
    parameter('bn/mean', 'mean', [8], 0.5),
    build.parameter('bn/variance', float32([8], new Float32Array(8).fill(2)), 'variance'),
  ]);
  const first = build.node('first', relu, {}, [normalized]);
  const depthwise = build.node('depthwise', depthwiseConv2d, window, [
    first,
    parameter('depthwise/w', 'weight', [3, 3, 8, 1], 0.3),
    parameter('depthwise/b', 'bias', [8], 0.3),
  ]);
  const residual = build.node('residual', add, { activation: 'relu' }, [depthwise, first]);
  const gate = build.node('gate', sigmoid, {}, [residual]);
  const joined = build.node('joined', concat, { axis: 3 }, [gate, residual, first]);
  const pooled = build.node(
    'pooled',
    averagePool2d,
    { size: [4, 4], strides: [4, 4], padding: 'valid', activation: 'none' },
    [joined],
  );
  const logits = build.node('logits', dense, { activation: 'none' }, [
    build.node('flat', flatten, {}, [pooled]),
    parameter('dense/w', 'weight', [96, 4], 0.3),
    parameter('dense/b', 'bias', [4], 0.3),
  ]);
  build.output(build.node('y', softmax, { beta: 1 }, [logits]));
  return build.finish();
}
