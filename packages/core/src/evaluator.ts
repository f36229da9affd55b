import type { Id, Model } from './model.js';
import type { Tensor } from './tensor.js';

/** Values by id. */
export type Feeds = ReadonlyMap<Id, Tensor>;

/**
 * Evaluates models: what calibration, importance criteria and metrics run on. Those of core and train evaluate float models,
 * that of testkit runs any model on a runtime.
 */
export interface Evaluator {
  readonly name: string;
  /**
   * Computes the values named in `fetch` (model outputs, or any other value) from the model's inputs, in inference mode.
   * Feeds have a common batch size along axis 0. In a model with states they are one stream: as many inferences in order,
   * from the initial states on, whose values come back one after the other along axis 0.
   * @throws SHAPE_MISMATCH where a feed is missing or doesn't fit
   */
  run(model: Model, feeds: Feeds, fetch: readonly Id[]): Promise<Map<Id, Tensor>>;
}
