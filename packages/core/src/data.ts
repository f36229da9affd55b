import type { Random } from './random.js';
import type { Tensor } from './tensor.js';

/** Examples that are fed together. All tensors share the first extent, the number of examples. */
export interface Batch {
  /** One float32 tensor for each model input, in the model's order, preprocessed as the model takes it. */
  readonly inputs: readonly Tensor[];
  /** What the examples should give: int32 [N], class numbers from 0, or float32 [N, ...], values such as one-hot rows. */
  readonly labels: Tensor;
}

/** Draws and place of one run through the data. */
export interface EpochOptions {
  /** All shuffling and augmentation draws from here, by epoch: `random.at('shuffle', epoch)`. */
  readonly random: Random;
  /** From 0. */
  readonly epoch: number;
}

/**
 * Data to train, calibrate or measure on, in batches. The same options give the same batches, so a run that is resumed
 * at some epoch sees what the uninterrupted run would have seen.
 */
export interface BatchSource {
  /** Examples that one epoch gives in all. */
  readonly examples: number;
  /** Batches of one epoch. */
  readonly count: number;
  /** The batches of one epoch, `count` of them. */
  batches(options: EpochOptions): Iterable<Batch> | AsyncIterable<Batch>;
}
