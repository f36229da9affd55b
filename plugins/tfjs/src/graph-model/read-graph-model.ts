import {
  isWhittleError,
  readForAnyBatch,
  resolveInputShapes,
  reshape,
  throwProblems,
  verify,
} from '@whittle/core';
import type { Dim, Id, InputShapes, Model, Tensor, WhittleError } from '@whittle/core';
import type { TfjsArtifacts } from '../artifacts.js';
import { BatchMixed, invalid, unsupported } from '../faults.js';
import type { Json } from '../file/json.js';
import type { NamedWeights } from '../weights/decode-weights.js';
import { readGraphDef } from './graph-def.js';
import type { NodeDef, ResultRef } from './graph-def.js';
import { GraphWriter } from './graph-writer.js';
import { NodeCall } from './node-call.js';
import { readerOf } from './ops/readers.js';
import { orderNodes } from './order-nodes.js';
import { describePlaceholder, readPlaceholder } from './read-placeholder.js';
import { signatureOf } from './signature.js';
import type { Signature } from './signature.js';
import type { Known, Value } from './value.js';

export interface ReadGraphOptions {
  readonly shapes?: InputShapes;
  readonly batch?: number;
  readonly outputs?: readonly string[];
}

/** What a model's own checks throw where the file is at fault. */
const faults = ['MODEL_INVALID', 'SHAPE_MISMATCH', 'OPTION_INVALID'];
const unread: Value = { kind: 'unread' };

/** Whether a topology is a TensorFlow graph. */
export function isGraphTopology({ node }: Json): boolean {
  return Array.isArray(node);
}

/**
 * A graph model: what is known of it is computed, and its other nodes become the model's. The first axis of inputs is the batch
 * where the graph keeps examples apart, else 1; the metadata has the number under 'tfjs/batch'.
 * @throws FORMAT_INVALID; OP_UNSUPPORTED for nodes that can't be read, all of them at once
 */
export function readGraphModel(
  topology: Json,
  named: NamedWeights,
  artifacts: TfjsArtifacts,
  options: ReadGraphOptions,
): Model {
  const nodes = readGraphDef(topology);
  const signature = signatureOf(nodes, artifacts, options.outputs);
  const read = (batch: Dim) => {
    const described = signature.inputs.map((name) => describePlaceholder(nodes.get(name)!));
    const shapes = resolveInputShapes(described, options.shapes, batch);
    const byName = new Map(signature.inputs.map((name, i) => [name, shapes[i]]));
    try {
      return build(nodes, signature, named, { shapes: byName, batch });
    } catch (error) {
      if (!isWhittleError(error) || !faults.includes(error.code)) throw error;
      throw invalid(error.node ?? 'model', error.message, error);
    }
  };
  if (options.batch !== undefined) return read(options.batch);
  return readForAnyBatch(read);
}

interface Place {
  readonly shapes: ReadonlyMap<string, readonly Dim[]>;
  readonly batch: Dim;
}

function build(
  nodes: ReadonlyMap<string, NodeDef>,
  { inputs, outputs }: Signature,
  named: NamedWeights,
  place: Place,
): Model {
  const elements = [...named.values()].reduce((sum, value) => sum + (value?.data.length ?? 0), 0);
  const graph = new GraphWriter('model', elements);
  const results = new Map<string, readonly Value[]>();
  const problems: WhittleError[] = [];
  const arranged = new Map<Tensor, Map<string, Known>>();
  const ordered = orderNodes(
    nodes,
    outputs.map(({ node }) => node),
  );
  const needed = new Set(ordered);
  for (const name of inputs) {
    const node = nodes.get(name)!;
    if (needed.has(node))
      noted(problems, node, results, () => readPlaceholder(node, graph, place.shapes.get(name)!));
  }
  for (const node of ordered) {
    if (results.has(node.name)) continue;
    if (node.op === 'Const') noted(problems, node, results, () => readConstant(node, named));
    else readNode(node, graph, results, problems, arranged);
  }
  throwProblems(problems, (count) => `TensorFlow.js: ${count} nodes can't be read`, { plugin: 'tfjs' });
  return finish(graph, outputs, results, place.batch);
}

/** Keeps a node's results; notes what can't be read for later. */
function noted(
  problems: WhittleError[],
  node: NodeDef,
  results: Map<string, readonly Value[]>,
  read: () => Value | readonly Value[],
): void {
  try {
    results.set(node.name, [read()].flat());
  } catch (error) {
    if (error instanceof BatchMixed || !isWhittleError(error, 'OP_UNSUPPORTED')) throw error;
    problems.push(error);
    results.set(node.name, [unread]);
  }
}

function readConstant({ name }: NodeDef, named: NamedWeights): Known {
  if (!named.has(name)) throw invalid(name, 'a constant that is not among the weights');
  const tensor = named.get(name);
  if (!tensor) throw unsupported(name, 'a constant of texts or complex numbers');
  return { kind: 'known', name, tensor };
}

function readNode(
  node: NodeDef,
  graph: GraphWriter,
  results: Map<string, readonly Value[]>,
  problems: WhittleError[],
  arranged: Map<Tensor, Map<string, Known>>,
): void {
  const reader = readerOf(node.op);
  const values = node.inputs.map((ref) => valueOf(ref, results));
  if (reader && values.some((value) => value.kind === 'unread')) {
    results.set(node.name, [unread]);
    return;
  }
  noted(problems, node, results, () => {
    if (!reader) throw unsupported(node.name, `the op ${node.op}`);
    return reader(new NodeCall(node, graph, values, arranged));
  });
}

/** A result; unread where its node is, or where only a loop defines it. */
function valueOf({ node, result }: ResultRef, results: ReadonlyMap<string, readonly Value[]>): Value {
  const all = results.get(node);
  if (!all || (all.length === 1 && all[0].kind === 'unread')) return unread;
  const value = all[result];
  if (!value) throw invalid(node, `no result ${result} of ${all.length}`);
  return value;
}

function finish(
  graph: GraphWriter,
  outputs: readonly ResultRef[],
  results: ReadonlyMap<string, readonly Value[]>,
  batch: Dim,
): Model {
  const ids: Id[] = [];
  for (const ref of outputs) {
    const value = valueOf(ref, results);
    if (value.kind === 'known') throw unsupported(ref.node, 'an output that is a constant');
    if (value.kind !== 'computed') throw unsupported(ref.node, 'an output that no op makes');
    const isTaken = ids.includes(value.id) || graph.isInput(value.id);
    const own = isTaken
      ? graph.apply(`${ref.node}/output`, reshape, { shape: [...value.shape] }, [value])[0]
      : value;
    ids.push(graph.idOf(own));
  }
  if (ids.length === 0) throw invalid('model', 'a graph without outputs');
  const model = graph.finish(ids, batch === 'batch' ? {} : { 'tfjs/batch': String(batch) });
  verify(model);
  return model;
}
