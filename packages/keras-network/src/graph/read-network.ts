import { isWhittleError, throwUnread } from '@whittle/core';
import type { Id, WhittleError } from '@whittle/core';
import type { CallConfig, LayerConfig, NetworkConfig } from '../config/network-config.js';
import { orderCalls } from '../config/order-calls.js';
import type { OrderedCall } from '../config/order-calls.js';
import { callKey, refsOf, TensorRef } from '../config/tensor-ref.js';
import { invalid, unreadKind, unsupported } from '../faults.js';
import { readerOf, whyUnread } from '../layers/readers.js';
import type { GraphWriter } from './graph-writer.js';
import { LayerCall } from './layer-call.js';
import type { LayerRuntime } from './layer-call.js';
import { readInput } from './read-input.js';
import type { ShapesByLayer } from './read-input.js';

/** Files of more calls are taken for damage: models in models may multiply them. */
const mostCalls = 50_000;

/** What stays the same for all layers of a file. */
export interface Reading {
  readonly graph: GraphWriter;
  readonly major: number;
  readonly runtime: LayerRuntime;
  readonly shapes: ShapesByLayer;
  /** What can't be read, so far. */
  readonly problems: WhittleError[];
  /** How many calls of layers there were. */
  calls: number;
}

/** A result, or undefined behind a layer that can't be read. */
type Result = Id | undefined;

/** Where a network is called: its operands, unless it is the whole model, and what its names begin with. */
interface Place {
  readonly inputs?: readonly Result[];
  readonly prefix: string;
}

/** Adds a network's layers, in order; returns its outputs. */
export function readNetwork(network: NetworkConfig, place: Place, reading: Reading): Result[] {
  const results = new Map<string, readonly Result[]>();
  const resultOf = (ref: TensorRef): Result => {
    const all = results.get(callKey(ref));
    if (!all || ref.output >= all.length)
      throw invalid(ref.layer, `no output ${ref.output} of call ${ref.call}`);
    return all[ref.output];
  };
  if (place.inputs && place.inputs.length !== network.inputs.length)
    throw invalid(network.name, `${place.inputs.length} inputs, expected ${network.inputs.length}`);
  const given = new Map(place.inputs?.map((id, i) => [callKey(network.inputs[i]), [id]]));
  for (const each of orderCalls(network)) {
    results.set(each.key, given.get(each.key) ?? readCall(each, place.prefix, resultOf, reading));
  }
  return network.outputs.map(resultOf);
}

/** One call's results. What can't be read is noted, and what reads it is left unread. */
function readCall(
  { layer, index, call }: OrderedCall,
  prefix: string,
  resultOf: (ref: TensorRef) => Result,
  reading: Reading,
): readonly Result[] {
  const { graph, problems } = reading;
  if (++reading.calls > mostCalls) throw invalid(layer.name, `more than ${mostCalls} calls of layers`);
  const path = prefix + layer.name;
  const name = index === 0 ? path : `${path}_${index}`;
  graph.place(layer, path);
  const operands = refsOf([call.args, call.kwargs]).map(resultOf);
  if (layer.network) return readNetwork(layer.network, { inputs: operands, prefix: `${name}/` }, reading);
  if (layer.className === 'InputLayer') return [readInput(layer, graph, reading.shapes)];
  const unread = operands.length > 0 ? operands.map(() => undefined) : [undefined];
  const known = readerOf(layer) !== undefined;
  if (!known && index > 0) return unread;
  if (known && operands.includes(undefined)) return unread;
  try {
    return readLayer(layer, name, call, (ref) => resultOf(ref) as Id, reading);
  } catch (error) {
    if (!isWhittleError(error, 'OP_UNSUPPORTED')) throw error;
    problems.push(...(error.problems ?? [error]));
    return unread;
  }
}

/** @throws FORMAT_INVALID, OP_UNSUPPORTED */
function readLayer(
  layer: LayerConfig,
  name: string,
  call: CallConfig,
  valueOf: (ref: TensorRef) => Id,
  reading: Reading,
): readonly Id[] {
  const reader = readerOf(layer);
  if (!reader) throw unsupported(name, whyUnread(layer));
  const { graph, major, runtime } = reading;
  const start = graph.length;
  const readInner: LayerCall['readInner'] = (inner, at, x) => readInnerLayer(inner, at, x, reading);
  const read = reader.read(
    new LayerCall(layer, { name, major, runtime, ...call, graph, readInner }, valueOf),
  );
  return typeof read === 'string' ? [graph.rename(read, name, start)] : read;
}

/** A layer that another one wraps, on one value. @throws FORMAT_INVALID, OP_UNSUPPORTED */
function readInnerLayer(layer: LayerConfig, name: string, x: Id, reading: Reading): Id {
  let results: readonly Result[];
  if (layer.network) {
    const problems: WhittleError[] = [];
    results = readNetwork(layer.network, { inputs: [x], prefix: `${name}/` }, { ...reading, problems });
    throwUnread(problems, unreadKind);
  } else {
    const call = { args: [new TensorRef('', 0, 0)], kwargs: {} };
    results = readLayer(layer, name, call, () => x, reading);
  }
  const [result] = results;
  if (result === undefined || results.length !== 1)
    throw unsupported(name, `a wrapped layer of ${results.length} results, expected 1`);
  return result;
}
