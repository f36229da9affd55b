import { tensor } from '@whittle/core';
import type { Batch, BatchSource, EpochOptions } from '@whittle/core';
import type { Augmentation } from './augmentation.js';
import { exampleAt } from './dataset.js';
import type { Dataset, RawArray } from './dataset.js';
import { datasetError, expectInteger } from './errors.js';
import { stackExamples } from './to-tensor.js';

export interface BatchesOptions {
  /** Examples in a batch, at least 1; the last batch may have fewer. */
  readonly batchSize: number;
  /** Whether each epoch has an order of its own, from `random.at('shuffle', epoch)`; false unless told. */
  readonly shuffle?: boolean;
  /**
   * Changes to each example, one after another, before preprocessing; example i draws from
   * `random.at('augment', epoch, i)`, whatever its place in the epoch.
   */
  readonly augment?: readonly Augmentation[];
  /** Whether to leave out a last batch that is not full; false unless told. */
  readonly dropLast?: boolean;
}

/** A data set's batches, which are in memory. */
export interface DatasetBatches extends BatchSource {
  batches(options: EpochOptions): Iterable<Batch>;
}

/**
 * A data set as preprocessed batches with class numbers as labels.
 * @throws OPTION_INVALID where there would be no batch
 */
export function batches(dataset: Dataset, options: BatchesOptions): DatasetBatches {
  const { batchSize, shuffle = false, augment = [], dropLast = false } = options;
  expectInteger('batchSize', batchSize, 1);
  const count = dropLast ? Math.floor(dataset.count / batchSize) : Math.ceil(dataset.count / batchSize);
  if (count === 0)
    throw datasetError(
      'OPTION_INVALID',
      `${dataset.name}: ${dataset.count} examples give no batch of ${batchSize}`,
    );
  return {
    examples: Math.min(dataset.count, count * batchSize),
    count,
    *batches(epochOptions) {
      const order = shuffle
        ? epochOptions.random.at('shuffle', epochOptions.epoch).permutation(dataset.count)
        : Int32Array.from({ length: dataset.count }, (_, i) => i);
      const raw = augmented(dataset, augment, epochOptions);
      for (let at = 0; at < count; at++)
        yield batchOf(dataset, order.subarray(at * batchSize, (at + 1) * batchSize), raw);
    },
  };
}

function batchOf(dataset: Dataset, indices: Int32Array, raw: (index: number) => RawArray): Batch {
  const labels = Int32Array.from(indices, (index) => dataset.labels[index]);
  return {
    inputs: [stackExamples(dataset, indices, raw)],
    labels: tensor('int32', [labels.length], labels),
  };
}

/** Raw values of an example after augmentation; good until the next call. */
function augmented(
  dataset: Dataset,
  augment: readonly Augmentation[],
  { random, epoch }: EpochOptions,
): (index: number) => RawArray {
  if (augment.length === 0) return (index) => exampleAt(dataset, index);
  const buffers = [exampleAt(dataset, 0).slice(), exampleAt(dataset, 0).slice()];
  return (index) => {
    const draws = random.at('augment', epoch, index);
    let from = exampleAt(dataset, index);
    augment.forEach((change, i) => {
      const to = buffers[i % 2];
      change(from, to, dataset.shape, draws);
      from = to;
    });
    return from;
  };
}
