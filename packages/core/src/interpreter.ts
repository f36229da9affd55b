import { bind } from './bind.js';
import { WhittleError } from './errors.js';
import type { Evaluator, Feeds } from './evaluator.js';
import type { Id, Model } from './model.js';
import { countInferences, inferencePart, resultTensor } from './inferences.js';
import { concrete, formatShape, nodeName, typeOf } from './model.js';
import type { Tensor } from './tensor.js';
import { tensor } from './tensor.js';

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
  if (model.states.length > 0) return new InterpretedStream(model).run(feeds, fetch);
  checkFeeds(model, feeds);
  return evaluate(model, new Map(feeds), fetch);
}

/** Evaluates inferences in order; states carry over from one to the next, and from one `run` to the next. */
export class InterpretedStream {
  readonly #model: Model;
  #states: ReadonlyMap<Id, Tensor>;

  constructor(model: Model) {
    this.#model = bind(model, { batch: 1 });
    this.#states = new Map(model.states.map((state) => [state.in, state.initial]));
  }

  /** As many inferences as the feeds hold; values come one after the other along axis 0. @throws SHAPE_MISMATCH */
  run(feeds: Feeds, fetch: readonly Id[] = this.#model.outputs.map((o) => o.id)): Map<Id, Tensor> {
    const model = this.#model;
    const inferences = countInferences(model, feeds);
    const results = new Map(fetch.map((id) => [id, resultTensor(model, id, inferences)] as const));
    const wanted = [...fetch, ...model.states.map((state) => state.out)];
    for (let i = 0; i < inferences; i++) {
      const inputs = model.inputs.map(({ id }): [Id, Tensor] => {
        const { dtype, shape } = typeOf(model, id);
        const data = inferencePart((feeds.get(id) as Tensor).data, i, inferences);
        return [id, tensor(dtype, concrete(shape), data as never)];
      });
      const values = evaluate(model, new Map([...inputs, ...this.#states]), wanted);
      for (const [id, result] of results)
        inferencePart(result.data, i, inferences).set(values.get(id)?.data as never);
      this.#states = new Map(model.states.map((state) => [state.in, values.get(state.out) as Tensor]));
    }
    return results;
  }
}

function evaluate(model: Model, values: Map<Id, Tensor>, fetch: readonly Id[]): Map<Id, Tensor> {
  for (const parameter of model.parameters.values()) values.set(parameter.id, parameter.tensor);
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
