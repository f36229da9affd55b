import { formatShape, sizeOf } from '@whittle/core';
import type { Preprocess } from '@whittle/core';
import { datasetError, expectData } from './errors.js';
import { checkPreprocess, layoutOf } from './preprocess.js';

/** Raw values of examples. */
export type RawArray = Uint8Array | Float32Array;

/** Labelled examples in memory. */
export interface Dataset {
  readonly name: string;
  /** Extents of one example: images are [height, width, channels]. */
  readonly shape: readonly number[];
  /** Number of examples. */
  readonly count: number;
  /** Raw values, one example after another, row-major; `preprocess` says how they become a model's input. */
  readonly inputs: RawArray;
  /** Class numbers, from 0; one an example. */
  readonly labels: Int32Array;
  /** Names of the classes. */
  readonly labelNames: readonly string[];
  readonly preprocess: Preprocess;
}

/**
 * Checks the parts of a data set and puts them together; `count` is that of the labels.
 * @throws DATASET_INVALID where counts don't fit, a label has no name, or a value is not finite
 */
export function createDataset(parts: Omit<Dataset, 'count'>): Dataset {
  const { name, shape, inputs, labels, labelNames } = parts;
  const size = sizeOf(shape);
  expectData(
    shape.length > 0 && shape.every((dim) => Number.isInteger(dim) && dim > 0),
    () => `${name}: the shape of an example must be positive integers, found ${formatShape(shape)}`,
  );
  expectData(
    inputs.length === labels.length * size,
    () =>
      `${name}: ${labels.length} labels of examples ${formatShape(shape)} need ${labels.length * size} values, found ${inputs.length}`,
  );
  const stray = labels.findIndex((label) => label < 0 || label >= labelNames.length);
  expectData(
    stray < 0,
    () =>
      `${name}: label ${labels[stray]} of example ${stray} is not one of ${labelNames.length} classes (0 to ${labelNames.length - 1})`,
  );
  if (inputs instanceof Float32Array) {
    const odd = inputs.findIndex((value) => !Number.isFinite(value));
    expectData(odd < 0, () => `${name}: example ${Math.floor(odd / size)} holds ${inputs[odd]}`);
  }
  checkPreprocess(name, parts.preprocess, shape);
  return { ...parts, count: labels.length };
}

/**
 * A data set of the examples at these indices, in their order; an index may come more than once.
 * @throws OPTION_INVALID where there is no such example
 */
export function subset(dataset: Dataset, indices: ArrayLike<number>, name = dataset.name): Dataset {
  const size = sizeOf(dataset.shape);
  const length = indices.length * size;
  const inputs = dataset.inputs instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  const labels = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    expectExample(dataset, indices[i]);
    inputs.set(exampleAt(dataset, indices[i]), i * size);
    labels[i] = dataset.labels[indices[i]];
  }
  return { ...dataset, name, count: indices.length, inputs, labels };
}

/**
 * The same examples with other extents of the same size, row-major: images flattened for a dense network.
 * @throws OPTION_INVALID
 */
export function reshapeExamples(dataset: Dataset, shape: readonly number[]): Dataset {
  if (sizeOf(shape) !== sizeOf(dataset.shape))
    throw datasetError(
      'OPTION_INVALID',
      `${dataset.name}: examples ${formatShape(dataset.shape)} don't reshape to ${formatShape(shape)}`,
    );
  const preprocess = { ...dataset.preprocess, layout: layoutOf(shape) };
  checkPreprocess(dataset.name, preprocess, shape);
  return { ...dataset, shape: [...shape], preprocess };
}

/** Raw values of one example: a view, not to be written to. */
export function exampleAt(dataset: Dataset, index: number): RawArray {
  const size = sizeOf(dataset.shape);
  return dataset.inputs.subarray(index * size, (index + 1) * size);
}

/** @throws OPTION_INVALID where the data set has no example of this index. */
export function expectExample(dataset: Dataset, index: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= dataset.count)
    throw datasetError(
      'OPTION_INVALID',
      `${dataset.name}: no example ${index} among ${dataset.count} (0 to ${dataset.count - 1})`,
    );
}
