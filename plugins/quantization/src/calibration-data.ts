import type { Batch, BatchSource, Feeds, Model, Random, Tensor } from '@whittle/core';
import { WhittleError } from '@whittle/core';
import { z } from 'zod';

/** Model inputs by id; or labelled examples, of which the inputs are taken; or the tensor of the only input. */
export type CalibrationBatch = Feeds | Batch | Tensor;

type CalibrationBatches = Iterable<CalibrationBatch> | AsyncIterable<CalibrationBatch>;

/** Batches to calibrate on, of any size: as data sets give them, as anything that can be iterated, or from a function. */
export type CalibrationData = BatchSource | CalibrationBatches | (() => CalibrationBatches);

/** The option that takes calibration data. */
export const calibrationData = z.custom<CalibrationData>(
  (value) =>
    typeof value === 'function' ||
    (typeof value === 'object' &&
      value !== null &&
      ('batches' in value || Symbol.iterator in value || Symbol.asyncIterator in value)),
  'expected a data set, an iterable of batches or a function that returns one',
);

/** Goes through the data once, as feeds of the model. At most `limit` batches. @throws SHAPE_MISMATCH */
export async function* calibrationFeeds(
  data: CalibrationData,
  model: Model,
  random: Random,
  limit = Infinity,
): AsyncGenerator<Feeds> {
  let count = 0;
  if (limit <= 0) return;
  for await (const batch of open(data, random)) {
    yield toFeeds(batch, model);
    if (++count >= limit) return;
  }
}

/** How many batches there will be, where it is known ahead. */
export function batchCount(data: CalibrationData): number | undefined {
  if (typeof data === 'function') return undefined;
  if ('batches' in data) return data.count;
  if ('length' in data && typeof data.length === 'number') return data.length;
  return undefined;
}

function open(data: CalibrationData, random: Random): CalibrationBatches {
  if (typeof data === 'function') return data();
  return 'batches' in data ? data.batches({ random, epoch: 0 }) : data;
}

function toFeeds(batch: CalibrationBatch, model: Model): Feeds {
  if (batch instanceof Map) return batch as Feeds;
  const tensors = 'inputs' in batch ? batch.inputs : [batch as Tensor];
  if (tensors.length !== model.inputs.length)
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `${model.name} has ${model.inputs.length} input(s), the calibration data gives ${tensors.length}`,
    );
  return new Map(model.inputs.map(({ id }, i) => [id, tensors[i]]));
}
