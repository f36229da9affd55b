import type { Id, Model } from '@whittle/core';
import type { Proximal, Schedule, SchedulePoint } from '@whittle/train';
import { valueOf } from '@whittle/train';
import { scaleIds } from './importance.js';

/** How large the batch-norm scales of each layer are after an epoch. */
export interface ScaleHistograms {
  /** Epochs done; 0 is what training began with. */
  readonly epoch: number;
  /** The largest |gamma| of all layers: bins are equally wide, from 0 to it. */
  readonly largest: number;
  /** For each batch norm, by the id of its scales, in order of computation, the scales in each bin of |gamma|. */
  readonly layers: Readonly<Record<Id, readonly number[]>>;
}

/** Counts |gamma| in equal bins. */
export function scaleHistograms(
  epoch: number,
  scales: ReadonlyMap<Id, Float32Array>,
  bins: number,
): ScaleHistograms {
  let largest = 0;
  for (const values of scales.values())
    for (const value of values) largest = Math.max(largest, Math.abs(value));
  const count = (values: Float32Array) => {
    const counts = new Array<number>(bins).fill(0);
    for (const value of values)
      counts[largest === 0 ? 0 : Math.min(bins - 1, Math.floor((Math.abs(value) / largest) * bins))]++;
    return counts;
  };
  return {
    epoch,
    largest,
    layers: Object.fromEntries([...scales].map(([id, values]) => [id, count(values)])),
  };
}

/**
 * Looks at the scales at the end of each epoch of a run of train's `fit`: the run is given `learningRate` in place of its
 * own, and `proximal` behind all other proximal steps. A run that is resumed gives the epochs since then.
 */
export class ScaleRecorder {
  readonly histograms: ScaleHistograms[] = [];
  readonly learningRate: Schedule;
  readonly proximal: Proximal;
  readonly #scales: Map<Id, Float32Array>;
  #at: SchedulePoint | undefined;

  constructor(model: Model, learningRate: number | Schedule, bins: number) {
    this.#scales = new Map(
      scaleIds(model).flatMap((id) => {
        const data = model.parameters.get(id)?.tensor.data;
        return data instanceof Float32Array ? [[id, data] as const] : [];
      }),
    );
    this.histograms.push(scaleHistograms(0, this.#scales, bins));
    this.learningRate = (at) => {
      this.#at = at;
      return valueOf(learningRate, at);
    };
    const missing = new Set<Id>();
    this.proximal = {
      name: 'scale-histograms',
      applies: ({ id, trainable }) => trainable && this.#scales.has(id),
      apply: (values, _, { id }) => {
        const at = this.#at!;
        if ((at.step + 1) % at.stepsPerEpoch !== 0) return;
        if (missing.size === 0) for (const each of this.#scales.keys()) missing.add(each);
        this.#scales.set(id, values.slice());
        missing.delete(id);
        if (missing.size > 0) return;
        this.histograms.push(scaleHistograms((at.step + 1) / at.stepsPerEpoch, this.#scales, bins));
      },
    };
  }
}
