import { float32, sizeOf } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import { exampleAt, expectExample } from './dataset.js';
import type { Dataset, RawArray } from './dataset.js';
import { applyPreprocess } from './preprocess.js';

/**
 * Examples as a model takes them: float32 [N, ...shape], preprocessed. All examples unless indices are given.
 * @throws OPTION_INVALID where there is no such example
 */
export function toTensor(
  dataset: Dataset,
  indices: ArrayLike<number> = Int32Array.from({ length: dataset.count }, (_, i) => i),
): Tensor<'float32'> {
  return stackExamples(dataset, indices, (index) => exampleAt(dataset, index));
}

/** As `toTensor`, with the raw values of each example from `raw`. */
export function stackExamples(
  dataset: Dataset,
  indices: ArrayLike<number>,
  raw: (index: number) => RawArray,
): Tensor<'float32'> {
  const { shape, preprocess } = dataset;
  const size = sizeOf(shape);
  const channels = shape[shape.length - 1];
  const data = new Float32Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    expectExample(dataset, indices[i]);
    applyPreprocess(preprocess, channels, raw(indices[i]), data, i * size);
  }
  return float32([indices.length, ...shape], data);
}
