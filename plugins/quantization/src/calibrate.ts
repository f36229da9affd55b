import { definePass, throwIfAborted, WhittleError } from '@whittle/core';
import type { Feeds, Id, Model, PassContext, Tensor } from '@whittle/core';
import { int8Structure } from '@whittle/int8';
import { z } from 'zod';
import { calibrated, floatValues, withRanges } from './calibrated-ranges.js';
import { batchCount, calibrationData, calibrationFeeds } from './calibration-data.js';
import { createObserver, observerOption } from './observers.js';
import type { Observer, Range } from './observers.js';
import { unrollSteps } from './unroll-steps.js';
import type { UnrolledModel } from './unroll-steps.js';

export const calibrateOptions = z
  .object({
    /** Real inputs, as the model will see them: some hundred examples. */
    data: calibrationData,
    /** How a range is found from the values that were seen. */
    observer: observerOption.prefault({ kind: 'minmax' }),
    /** Batches to look at; all of them where it is left out. */
    batches: z.number().int().positive().optional(),
  })
  .strict();
export type CalibrateOptions = z.output<typeof calibrateOptions>;

/**
 * Measures the range of every activation on real data, by the context's evaluator, and stores the ranges in the model.
 * @throws CALIBRATION_INVALID where there is no data or a value is not finite, naming the first such value
 */
export const calibrate = definePass({
  name: 'quantization/calibrate',
  description: 'Measures the range of every activation on real data',
  options: calibrateOptions,
  changes: [],
  requires: () => [int8Structure],
  establishes: () => [calibrated],
  async run(model, context, options) {
    const { ranges, batches, examples } = await measureRanges(model, context, options);
    return { model: withRanges(model, ranges), report: { batches, examples, values: ranges.size } };
  },
});

async function measureRanges(model: Model, context: PassContext, options: CalibrateOptions) {
  const observers = new Map<Id, Observer>();
  for (const id of floatValues(model)) observers.set(id, createObserver(options.observer));
  const expected = Math.min(batchCount(options.data) ?? Infinity, options.batches ?? Infinity);
  const unrolled = unrollSteps(model);
  const task = context.progress('calibrate', Number.isFinite(expected) ? expected : 0);
  let batches = 0;
  let examples = 0;
  try {
    for await (const feeds of calibrationFeeds(options.data, model, context.random, options.batches)) {
      throwIfAborted(context.signal);
      await observeBatch(unrolled, context, feeds, observers);
      examples += feeds.get(model.inputs[0].id)?.shape[0] ?? 0;
      task.update(++batches);
    }
  } finally {
    task.finish();
  }
  if (examples === 0)
    throw new WhittleError(
      'CALIBRATION_INVALID',
      'the calibration data has no examples, expected at least one',
    );
  const ranges = new Map<Id, Range>();
  for (const [id, observer] of observers) ranges.set(id, observer.range());
  return { ranges, batches, examples };
}

async function observeBatch(
  { model, earlier }: UnrolledModel,
  { evaluator }: PassContext,
  feeds: Feeds,
  observers: ReadonlyMap<Id, Observer>,
): Promise<void> {
  const observed = [...observers.keys()].flatMap((id) => [id, ...(earlier.get(id) ?? [])]);
  const computed = observed.filter((id) => !model.inputs.some((input) => input.id === id));
  const values = new Map<Id, Tensor>(await evaluator.run(model, feeds, computed));
  for (const { id } of model.inputs) {
    const feed = feeds.get(id);
    if (feed) values.set(id, feed);
  }
  // In order of computation, so that the first value that went wrong is named.
  for (const [id, observer] of observers) {
    const parts = [...(earlier.get(id) ?? []), id].map((part) => values.get(part)?.data as Float32Array);
    const data = parts.length > 1 ? joined(parts) : parts[0];
    const wrong = data.find((x) => !Number.isFinite(x));
    if (wrong !== undefined)
      throw new WhittleError(
        'CALIBRATION_INVALID',
        `'${id}' has a value of ${wrong}, expected finite numbers`,
        {
          node: id,
        },
      );
    if (data.length > 0) observer.observe(data);
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
