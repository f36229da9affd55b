import { WhittleError } from '@whittle/core';
import type { EpochPosition } from './checkpoint.js';
import type { Metric, MetricAccumulator } from './metric.js';

/** What an epoch has gathered so far: steps, sums of losses, and metrics of the training batches. */
export class EpochProgress {
  readonly accumulators: readonly MetricAccumulator[];
  readonly #metrics: readonly Metric[];
  readonly #sums: Map<string, number>;
  #steps: number;

  /** @throws CHECKPOINT_MISMATCH where a metric can't take what it had gathered */
  constructor(metrics: readonly Metric[], from?: EpochPosition) {
    this.#metrics = metrics;
    this.accumulators = metrics.map((metric) => metric.start());
    this.#steps = from?.steps ?? 0;
    this.#sums = new Map(Object.entries(from?.sums ?? {}));
    this.accumulators.forEach((accumulator, i) => {
      if (!from) return;
      const gathered = from.metrics[i];
      if (!accumulator.restore || gathered === undefined)
        throw new WhittleError(
          'CHECKPOINT_MISMATCH',
          `metric ${metrics[i].name} can't go on within an epoch: the checkpoint has ${from.metrics.length} metrics`,
        );
      accumulator.restore(gathered);
    });
  }

  get steps(): number {
    return this.#steps;
  }

  /** Sums of losses over the steps. */
  get sums(): ReadonlyMap<string, number> {
    return this.#sums;
  }

  /** Takes in the losses of another step. */
  add(losses: ReadonlyMap<string, number>): void {
    for (const [name, value] of losses) this.#sums.set(name, (this.#sums.get(name) ?? 0) + value);
    this.#steps++;
  }

  /** What a checkpoint keeps of it. */
  position(): EpochPosition {
    return {
      steps: this.#steps,
      sums: Object.fromEntries(this.#sums),
      metrics: this.accumulators.map((accumulator) => [...(accumulator.save?.() ?? [])]),
    };
  }

  means(): Record<string, number> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#steps]));
  }

  metrics(): Record<string, number> {
    return metricValues(this.#metrics, this.accumulators);
  }
}

export function metricValues(metrics: readonly Metric[], accumulators: readonly MetricAccumulator[]) {
  return Object.fromEntries(metrics.map((metric, i) => [metric.name, accumulators[i].value()]));
}
