import { WhittleError } from './errors.js';
import type { Evaluator, Feeds } from './evaluator.js';
import type { Id, Model } from './model.js';
import { concrete, formatShape, nodeName } from './model.js';
import type { Tensor } from './tensor.js';

/** Evaluates with every op's own reference function, in float32. No library, any platform, not fast. */
export const interpreter: Evaluator = {
  name: 'interpreter',
  run: (model, feeds, fetch) => Promise.resolve(interpret(model, feeds, fetch)),
};

/** `interpreter.run`, at once. */
export function interpret(
  model: Model,
  feeds: Feeds,
  fetch: readonly Id[] = model.outputs.map((o) => o.id),
): Map<Id, Tensor> {
  checkFeeds(model, feeds);
  const values = new Map<Id, Tensor>(feeds);
  for (const parameter of model.parameters.values()) values.set(parameter.id, parameter.tensor);
  for (const state of model.states) if (!values.has(state.in)) values.set(state.in, state.initial);
  for (const node of model.nodes) {
    const inputs = node.inputs.map((id) => values.get(id) as Tensor);
    const outputs = node.op.evaluate({ name: nodeName(node), attributes: node.attributes, inputs }, inputs);
    outputs.forEach((output, i) => values.set(node.outputs[i], output));
  }
  return new Map(fetch.map((id) => [id, expectValue(values, id)]));
}

/** What is checked of a value that is fed: tensors of any library have it. */
export interface FedValue {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/**
 * Checks that every input is fed, in its dtype and shape, with one batch size for all. Returns the batch size.
 * @throws SHAPE_MISMATCH
 */
export function checkFeeds(model: Model, feeds: ReadonlyMap<Id, FedValue>): number {
  let batch: number | undefined;
  for (const { id } of model.inputs) {
    const type = model.values.get(id);
    const feed = feeds.get(id);
    if (!type || !feed) throw new WhittleError('SHAPE_MISMATCH', `input '${id}' is not fed`);
    const found = type.shape[0] === 'batch' ? feed.shape[0] : undefined;
    batch ??= found;
    const wanted = concrete(type.shape, batch);
    if (
      feed.dtype !== type.dtype ||
      feed.shape.length !== wanted.length ||
      wanted.some((dim, i) => dim !== feed.shape[i])
    )
      throw new WhittleError(
        'SHAPE_MISMATCH',
        `input '${id}' takes ${type.dtype}${formatShape(type.shape)}, found ${feed.dtype}${formatShape(feed.shape)}`,
      );
  }
  return batch ?? 1;
}

function expectValue(values: ReadonlyMap<Id, Tensor>, id: Id): Tensor {
  const value = values.get(id);
  if (!value) throw new WhittleError('MODEL_INVALID', `no value '${id}' in the model`);
  return value;
}
