import { formatShape } from '@whittle/core';
import type { Preprocess } from '@whittle/core';
import type { Dataset, RawArray } from './dataset.js';
import { expectData } from './errors.js';

/** Bytes to 0 ... 1. A model that is quantized over this range takes byte - 128 as its int8 input. */
export const unitBytes: Preprocess = { layout: 'NHWC', range: [0, 255], mean: [0], scale: [255] };

/** The usual layout of examples of this rank: images, series, else plain features. */
export function layoutOf(shape: readonly number[]): Preprocess['layout'] {
  return shape.length === 3 ? 'NHWC' : shape.length === 2 ? 'NTC' : 'NC';
}

/**
 * Writes (raw - mean) / scale, rounded to float32, to `target` from `offset` on. Channels are the last axis, of extent
 * `channels`; mean and scale have one entry or one for each.
 */
export function applyPreprocess(
  { mean, scale }: Preprocess,
  channels: number,
  raw: RawArray,
  target: Float32Array,
  offset = 0,
): void {
  for (let c = 0; c < channels; c++) {
    const m = mean.length === 1 ? mean[0] : mean[c];
    const s = scale.length === 1 ? scale[0] : scale[c];
    for (let i = c; i < raw.length; i += channels) target[offset + i] = (raw[i] - m) / s;
  }
}

/**
 * Preprocessing to mean 0 and variance 1 per channel, as measured on this data set (which should be the training part). A
 * channel that is the same everywhere keeps scale 1.
 */
export function measureStandardization(dataset: Dataset): Preprocess {
  const channels = dataset.shape[dataset.shape.length - 1];
  const perChannel = dataset.inputs.length / channels;
  const mean = new Array<number>(channels).fill(0);
  const squares = new Array<number>(channels).fill(0);
  dataset.inputs.forEach((value: number, i: number) => {
    mean[i % channels] += value / perChannel;
  });
  dataset.inputs.forEach((value: number, i: number) => {
    squares[i % channels] += (value - mean[i % channels]) ** 2 / perChannel;
  });
  return { ...dataset.preprocess, mean, scale: squares.map((v) => (v > 0 ? Math.sqrt(v) : 1)) };
}

/** @throws DATASET_INVALID unless mean and scale have one entry or one a channel, finite, and scales aren't 0. */
export function checkPreprocess(name: string, preprocess: Preprocess, shape: readonly number[]): void {
  const channels = shape[shape.length - 1];
  const [low, high] = preprocess.range;
  expectData(low <= high, () => `${name}: range of raw values is [${low}, ${high}]`);
  for (const key of ['mean', 'scale'] as const) {
    const values = preprocess[key];
    expectData(
      values.length === 1 || values.length === channels,
      () =>
        `${name}: ${key} must have 1 entry or one for each of ${channels} channels of ${formatShape(shape)}, found ${values.length}`,
    );
    expectData(
      values.every((value) => Number.isFinite(value) && (key === 'mean' || value !== 0)),
      () =>
        `${name}: ${key} must be finite${key === 'scale' ? ' and not 0' : ''}, found [${values.join(', ')}]`,
    );
  }
}
