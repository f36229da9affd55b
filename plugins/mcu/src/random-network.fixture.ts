import {
  add,
  averagePool2d,
  conv2d,
  depthwiseConv2d,
  maxPool2d,
  ModelBuilder,
  relu6,
  tensor,
} from '@whittle/core';
import type { Id, Model, Quantization } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import { pseudoRandom } from './integer-network.fixture.js';

/** Extents that a network's are drawn from. */
export interface ImageSizes {
  readonly heights: readonly number[];
  readonly widths: readonly number[];
  readonly channels: readonly number[];
  /** Channels that convolutions give. */
  readonly outputs: readonly number[];
}

const small: ImageSizes = {
  heights: [7, 12, 17],
  widths: [5, 8, 11],
  channels: [1, 3, 4],
  outputs: [2, 5, 8],
};

/** Images that kernels go through in several passes. */
export const large: ImageSizes = {
  heights: [33, 40],
  widths: [24, 36],
  channels: [3, 16],
  outputs: [16, 16, 32],
};

/** A network of a few image layers with residual sums, every extent drawn from the seed. */
export function randomNetwork(
  seed: number,
  sizes: ImageSizes = small,
  dtype: ActivationDType = 'int8',
): Model {
  const byte = pseudoRandom(seed);
  const pick = <T>(choices: readonly T[]): T => choices[(byte() + 128) % choices.length];
  const builder = new ModelBuilder(`random network ${seed}, ${dtype}${sizes === large ? ', large' : ''}`);
  const typed = (): Quantization => ({
    scale: Float32Array.of((0.02 + (byte() + 128) / 8000) / (dtype === 'int8' ? 1 : 256)),
    zeroPoint: Int32Array.of(dtype === 'int8' ? pick([-128, -3, 0, 40]) : 0),
  });
  const weight = (id: Id, shape: number[], axis: number) =>
    builder.parameter(
      `${id}/weight`,
      tensor('int8', shape, Int8Array.from({ length: shape.reduce((a, b) => a * b) }, byte), {
        scale: Float32Array.from({ length: shape[axis] }, (_, c) => 0.003 + c / 5000),
        zeroPoint: new Int32Array(shape[axis]),
        axis,
      }),
      'weight',
    );
  const bias = (id: Id, count: number) =>
    builder.parameter(
      `${id}/bias`,
      dtype === 'int8'
        ? tensor(
            'int32',
            [count],
            Int32Array.from({ length: count }, () => 9 * byte()),
          )
        : tensor(
            'int64',
            [count],
            BigInt64Array.from({ length: count }, () => BigInt(2000 * byte())),
          ),
      'bias',
    );

  let height = pick(sizes.heights);
  let width = pick(sizes.widths);
  let channels = pick(sizes.channels);
  let quantization = typed();
  let value = builder.input('image', ['batch', height, width, channels], { dtype, quantization });
  let residual: Id | undefined;
  const layers = 4 + ((byte() + 128) % 4);
  for (let i = 0; i < layers; i++) {
    const id = `layer${i}`;
    const kind = pick(['conv', 'conv', 'depthwise', 'max', 'average', 'relu6', 'sum']);
    const kernel = Math.min(pick([1, 2, 3, 4]), height, width);
    const stride = height > 4 && width > 4 ? pick([1, 1, 2]) : 1;
    const padding = pick(['same', 'valid'] as const);
    const window = {
      strides: [stride, stride] as [number, number],
      padding,
      dilations: [1, 1] as [number, number],
    };
    const before = [height, width, channels];
    if (kind === 'sum') {
      // A branch of one convolution, and the sum with what it branches off from.
      const branch = builder.node(
        `${id}/branch`,
        conv2d,
        {
          ...window,
          strides: [1, 1],
          padding: 'same',
          activation: pick(['none', 'relu'] as const),
          groups: 1,
        },
        [
          value,
          weight(`${id}/branch`, [kernel, kernel, channels, channels], 3),
          bias(`${id}/branch`, channels),
        ],
        { quantization: [typed()] },
      );
      quantization = typed();
      value = builder.node(
        id,
        add,
        { activation: pick(['none', 'relu'] as const) },
        [residual ?? value, branch],
        {
          quantization: [quantization],
        },
      );
      residual = value;
      continue;
    }
    const size = (extent: number) =>
      padding === 'same' ? Math.ceil(extent / stride) : Math.floor((extent - kernel) / stride) + 1;
    if (kind !== 'relu6') [height, width] = [size(height), size(width)];
    if (kind === 'conv') {
      const outputs = pick(sizes.outputs);
      quantization = typed();
      value = builder.node(
        id,
        conv2d,
        { ...window, activation: 'none', groups: 1 },
        [value, weight(id, [kernel, kernel, channels, outputs], 3), bias(id, outputs)],
        { quantization: [quantization] },
      );
      channels = outputs;
    } else if (kind === 'depthwise') {
      quantization = typed();
      value = builder.node(
        id,
        depthwiseConv2d,
        { ...window, activation: 'relu' },
        [value, weight(id, [kernel, kernel, channels, 1], 2), bias(id, channels)],
        { quantization: [quantization] },
      );
    } else if (kind === 'relu6')
      value = builder.node(id, relu6, {}, [value], { quantization: [quantization] });
    else
      value = builder.node(
        id,
        kind === 'max' ? maxPool2d : averagePool2d,
        { size: [kernel, kernel], strides: window.strides, padding, activation: 'none' },
        [value],
        { quantization: [quantization] },
      );
    if (before.join() !== [height, width, channels].join()) residual = undefined;
    residual ??= value;
  }
  builder.output(value);
  return builder.finish();
}
