import {
  allocate,
  bind,
  checkFeeds,
  concrete,
  countInferences,
  createRandom,
  inferencePart,
  interpreter,
  isWhittleError,
  resultTensor,
  sizeOf,
  tensor,
  timeSlice,
  typeOf,
  WhittleError,
} from '@whittle/core';
import type { Evaluator, Feeds, Id, LoweringTable, Model, Tensor } from '@whittle/core';
import { fromTf, toTf } from './exchange.js';
import { NetworkState } from './network-state.js';
import { loadTensorFlow } from './tensorflow.js';
import type { TensorFlow } from './tensorflow.js';
import { isWasm } from './wasm/wasm-backend.js';

export interface TfjsEvaluatorOptions {
  /**
   * Examples that are computed at once, at least 1. It bounds the memory that is used: 256 unless told, in WebAssembly fewer
   * where their values would take more than 512 MB.
   */
  readonly batch?: number;
  /** Lowerings of plugins' ops. */
  readonly lowerings?: LoweringTable;
}

/**
 * Evaluates float models on TensorFlow, native or in WebAssembly. Nothing stays in the library's memory between runs.
 * @throws TARGET_UNAVAILABLE where neither can be loaded
 */
export async function tfjsEvaluator(options: TfjsEvaluatorOptions = {}): Promise<Evaluator> {
  const { batch: told, lowerings } = options;
  if (told !== undefined && (!Number.isInteger(told) || told < 1))
    throw new WhittleError('OPTION_INVALID', `batch must be an integer of at least 1, found ${told}`);
  const tf = await loadTensorFlow();
  return {
    name: 'tfjs',
    async run(model, feeds, fetch) {
      if (model.states.length > 0) return runStream(tf, bind(model, { batch: 1 }), feeds, fetch, lowerings);
      const total = checkFeeds(model, feeds);
      const network = await NetworkState.create(tf, model, 'inference', lowerings);
      const batch = told ?? (isWasm(tf) ? examplesWithin(model, wasmBytes) : mostExamples);
      try {
        const parts: Tensor[][] = [];
        for (let from = 0; from < total; from += batch) {
          parts.push(runPart(tf, network, slice(model, feeds, from, Math.min(total, from + batch)), fetch));
          await new Promise(setImmediate);
        }
        return new Map(
          fetch.map((id, i) => [
            id,
            join(
              model,
              id,
              parts.map((part) => part[i]),
            ),
          ]),
        );
      } finally {
        network.dispose();
      }
    },
  };
}

/** The evaluator on TensorFlow where it can be loaded, core's interpreter else. */
export async function fastestEvaluator(options: TfjsEvaluatorOptions = {}): Promise<Evaluator> {
  try {
    return await tfjsEvaluator(options);
  } catch (error) {
    if (isWhittleError(error, 'TARGET_UNAVAILABLE')) return interpreter;
    throw error;
  }
}

const mostExamples = 256;
/** WebAssembly has 2 GB at most. */
const wasmBytes = 512e6;

/** How many examples' values fit in so many bytes, from 1 to `mostExamples`. */
function examplesWithin(model: Model, bytes: number): number {
  let each = 1;
  for (const { shape } of bind(model, { batch: 1 }).values.values()) each += 4 * sizeOf(concrete(shape));
  return Math.max(1, Math.min(mostExamples, Math.floor(bytes / each)));
}

/** Inferences in order; states carry over from one to the next. */
async function runStream(
  tf: TensorFlow,
  model: Model,
  feeds: Feeds,
  fetch: readonly Id[],
  lowerings: LoweringTable | undefined,
): Promise<Map<Id, Tensor>> {
  const inferences = countInferences(model, feeds);
  const results = new Map(fetch.map((id) => [id, resultTensor(model, id, inferences)] as const));
  const network = await NetworkState.create(tf, model, 'inference', lowerings);
  const breathe = timeSlice(undefined);
  try {
    for (let i = 0; i < inferences; i++) {
      const inputs = model.inputs.map(({ id }) => {
        const { dtype, shape } = typeOf(model, id);
        const data = inferencePart((feeds.get(id) as Tensor).data, i, inferences);
        return tensor(dtype, concrete(shape), data as never);
      });
      runPart(tf, network, inputs, fetch).forEach(({ data }, k) =>
        inferencePart((results.get(fetch[k]) as Tensor).data, i, inferences).set(data as never),
      );
      await breathe();
    }
    return results;
  } finally {
    network.dispose();
  }
}

function runPart(
  tf: TensorFlow,
  network: NetworkState,
  inputs: readonly Tensor[],
  fetch: readonly Id[],
): Tensor[] {
  const results: Tensor[] = [];
  tf.tidy(() => {
    const values = network.run(
      inputs.map((input, i) => toTf(tf, input, `input '${network.model.inputs[i].id}'`)),
      { mode: 'inference', random: createRandom(0).at('inference'), statisticsMomentum: 0.9 },
    );
    for (const id of fetch) {
      const value = values.get(id);
      if (!value) throw new WhittleError('MODEL_INVALID', `no value '${id}' in the model`);
      results.push(fromTf(value));
    }
    network.advance(values);
  });
  return results;
}

/** Inputs from one example to another; those without a batch are whole. */
function slice(model: Model, feeds: Feeds, from: number, to: number): Tensor[] {
  return model.inputs.map(({ id }) => {
    const feed = feeds.get(id) as Tensor;
    if (typeOf(model, id).shape[0] !== 'batch') return feed;
    const each = sizeOf(feed.shape.slice(1));
    return tensor(
      feed.dtype,
      [to - from, ...feed.shape.slice(1)],
      feed.data.slice(from * each, to * each) as never,
    );
  });
}

function join(model: Model, id: Id, parts: readonly Tensor[]): Tensor {
  const [first] = parts;
  if (parts.length === 1 || typeOf(model, id).shape[0] !== 'batch') return first;
  const shape = [parts.reduce((sum, part) => sum + part.shape[0], 0), ...first.shape.slice(1)];
  const data = allocate(first.dtype, sizeOf(shape));
  let at = 0;
  for (const part of parts) {
    data.set(part.data as never, at);
    at += part.data.length;
  }
  return tensor(first.dtype, shape, data);
}
