import type { Model } from '../model.js';

/** A figure of a model that is better the smaller it is, such as bytes or latency on a target: what budgets are set on. */
export interface ModelMeasure {
  /** What it is, for people: 'RAM on cortex-m4'. */
  readonly name: string;
  readonly unit: string;
  /** The figure of a model; a function of the model alone. */
  of(model: Model): number | Promise<number>;
}
