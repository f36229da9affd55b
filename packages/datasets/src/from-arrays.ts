import type { Preprocess } from '@whittle/core';
import { createDataset } from './dataset.js';
import type { Dataset, RawArray } from './dataset.js';
import { expectData } from './errors.js';
import { layoutOf, unitBytes } from './preprocess.js';

export interface ArrayOptions {
  /** 'arrays' unless told. */
  readonly name?: string;
  /** Extents of one example. */
  readonly shape: readonly number[];
  /** One example after another, row-major; anything but bytes and floats is copied to float32. */
  readonly inputs: RawArray | ArrayLike<number>;
  /** Class numbers from 0. */
  readonly labels: ArrayLike<number>;
  /** '0', '1', ... up to the largest label unless told. */
  readonly labelNames?: readonly string[];
  /** Unless told, bytes become 0 to 1 and other values stay as they are. */
  readonly preprocess?: Preprocess;
}

/** A data set of the user's own arrays. @throws DATASET_INVALID */
export function fromArrays(options: ArrayOptions): Dataset {
  const { name = 'arrays', shape } = options;
  const inputs = isRaw(options.inputs) ? options.inputs : Float32Array.from(options.inputs);
  const labels = Int32Array.from(options.labels);
  const odd = labels.findIndex((label, i) => label !== options.labels[i]);
  expectData(odd < 0, () => `${name}: label ${odd} must be a class number, found ${options.labels[odd]}`);
  const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const labelNames = options.labelNames ?? Array.from({ length: classes }, (_, i) => `${i}`);
  const preprocess = options.preprocess ?? usualPreprocess(inputs, shape);
  return createDataset({ name, shape: [...shape], inputs, labels, labelNames, preprocess });
}

function isRaw(values: RawArray | ArrayLike<number>): values is RawArray {
  return values instanceof Uint8Array || values instanceof Float32Array;
}

function usualPreprocess(inputs: RawArray, shape: readonly number[]): Preprocess {
  const layout = layoutOf(shape);
  if (inputs instanceof Uint8Array) return { ...unitBytes, layout };
  const range = inputs.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [0, 0],
  );
  return { layout, range, mean: [0], scale: [1] };
}
