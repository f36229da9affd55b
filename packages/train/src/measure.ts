import { createRandom, throwIfAborted, WhittleError } from '@whittle/core';
import type { BatchSource, Evaluator, Model, Random } from '@whittle/core';
import type { Metric } from './metric.js';

export interface MeasureOptions {
  readonly evaluator: Evaluator;
  /** For sources that draw; seed 0 unless told. */
  readonly random?: Random;
  readonly signal?: AbortSignal;
}

/** Metrics of a model on one epoch of data, by their names. @throws DATASET_INVALID where there is no batch */
export async function measure(
  model: Model,
  data: BatchSource,
  metrics: readonly Metric[],
  { evaluator, random = createRandom(0), signal }: MeasureOptions,
): Promise<Record<string, number>> {
  const accumulators = metrics.map((metric) => metric.start());
  const outputs = model.outputs.map(({ id }) => id);
  let batches = 0;
  for await (const { inputs, labels } of data.batches({ random, epoch: 0 })) {
    throwIfAborted(signal);
    const feeds = new Map(model.inputs.map(({ id }, i) => [id, inputs[i]]));
    const results = await evaluator.run(model, feeds, outputs);
    const found = outputs.map((id) => results.get(id)!);
    for (const accumulator of accumulators) accumulator.add(found, labels);
    batches++;
  }
  if (batches === 0) throw new WhittleError('DATASET_INVALID', 'there is no batch to measure on');
  return Object.fromEntries(metrics.map((metric, i) => [metric.name, accumulators[i].value()]));
}
