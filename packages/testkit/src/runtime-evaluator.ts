import { bind, concrete, float32, throwIfAborted, typeOf, WhittleError } from '@whittle/core';
import type { Evaluator, Feeds, Id, Model, Runtime, RuntimeContext, Tensor } from '@whittle/core';
import { convertInputs, realValues } from './real-values.js';

/**
 * An evaluator that runs models on a runtime, one example at a time: metrics of a quantized model, by the arithmetic of the
 * device. Feeds are float32, or stored integers where the model takes these; results are real values, float32.
 * @throws TARGET_UNAVAILABLE from `run`, where the runtime can't run here; what the runtime throws
 */
export function runtimeEvaluator(runtime: Runtime, context: RuntimeContext): Evaluator {
  const modelFor = askedModels();
  return {
    name: runtime.name,
    async run(model, feeds, fetch) {
      throwIfAborted(context.signal);
      const reason = await runtime.unavailable();
      if (reason !== undefined) throw new WhittleError('TARGET_UNAVAILABLE', `${runtime.name}: ${reason}`);
      const computed = fetch.filter((id) => !feeds.has(id));
      const asked = modelFor(model, computed);
      const inputs = examplesOf(asked, feeds);
      const [{ outputs }] = await runtime.run([{ model: asked, inputs }], context);
      const results = new Map<Id, Tensor>();
      for (const id of fetch)
        results.set(id, feeds.get(id) ?? stacked(outputs.map((each) => each[computed.indexOf(id)])));
      return results;
    },
  };
}

/** A model with batch 1 and the outputs that are asked for; the same one for the same question, for runtimes to know again. */
function askedModels(): (model: Model, fetch: readonly Id[]) => Model {
  const made = new WeakMap<Model, Map<string, Model>>();
  return (model, fetch) => {
    const known = made.get(model) ?? new Map<string, Model>();
    made.set(model, known);
    const key = JSON.stringify(fetch);
    const missing = fetch.find((id) => !model.values.has(id));
    if (missing !== undefined)
      throw new WhittleError('MODEL_INVALID', `${model.name} computes no value '${missing}'`);
    const outputs = fetch.map((id) => model.outputs.find((output) => output.id === id) ?? { id });
    const asked = known.get(key) ?? { ...bind(model, { batch: 1 }), outputs };
    known.set(key, asked);
    return asked;
  };
}

/** The feeds cut along axis 0 into what one inference takes. @throws SHAPE_MISMATCH */
function examplesOf(model: Model, feeds: Feeds): Tensor[][] {
  const parts = model.inputs.map(({ id }) => {
    const feed = feeds.get(id);
    if (!feed) throw new WhittleError('SHAPE_MISMATCH', `input '${id}' is not fed`);
    const [first] = concrete(typeOf(model, id).shape);
    return rowsOf(feed, feed.shape[0] / first, first);
  });
  const [{ length: count }] = parts;
  if (parts.some(({ length }) => length !== count))
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `inputs hold ${parts.map(({ length }) => length).join(', ')} examples, expected as many in each`,
    );
  return Array.from({ length: count }, (_, i) =>
    convertInputs(
      parts.map((rows) => rows[i]),
      model,
    ),
  );
}

function rowsOf({ dtype, shape, data }: Tensor, count: number, first: number): Tensor[] {
  const size = data.length / count;
  const rest = shape.slice(1);
  return Array.from({ length: count }, (_, i) => {
    const row = { dtype, shape: [first, ...rest], data: data.subarray(i * size, (i + 1) * size) };
    return row as Tensor;
  });
}

/** Results of all inferences as one tensor of real values. */
function stacked(results: readonly Tensor[]): Tensor {
  const [first = 1, ...rest] = results[0].shape;
  const values = results.map((result) => realValues(result).data as Float32Array);
  const all = new Float32Array(values.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of values) {
    all.set(part, at);
    at += part.length;
  }
  return float32([first * results.length, ...rest], all);
}
