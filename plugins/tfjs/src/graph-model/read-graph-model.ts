import {
  faultsOfFile,
  isWhittleError,
  namedEnds,
  readForAnyBatch,
  resolveInputShapes,
  reshape,
  shapesUnlessUnread,
  throwUnread,
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

const unreadNodes = { format: 'TensorFlow.js', plugin: 'tfjs', noun: 'node' };
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
    const described = signature.inputs.map(({ node, name }) => ({
      ...describePlaceholder(nodes.get(node)!),
      alias: name,
    }));
    const shapes = shapesUnlessUnread(
      () => resolveInputShapes(described, options.shapes, batch),
      () => withoutReader(nodes, signature),
      unreadNodes,
    );
    const byName = new Map(signature.inputs.map(({ node }, i) => [node, shapes[i]]));
    return faultsOfFile(
      () => build(nodes, signature, named, { shapes: byName, batch }),
      options.shapes,
      (fault) => invalid(fault.node ?? 'model', fault.message, fault),
    );
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
  const ordered = neededNodes(nodes, outputs);
  const needed = new Set(ordered);
  const fed = inputs.filter(({ node }) => needed.has(nodes.get(node)!));
  const ends = namedEnds(
    fed.map(({ node }) => node),
    fed.map(({ name }) => name),
  );
  for (const { id, ...called } of ends) {
    const node = nodes.get(id)!;
    noted(problems, node, results, () => readPlaceholder(node, graph, place.shapes.get(id)!, called));
  }
  for (const node of ordered) {
    if (results.has(node.name)) continue;
    if (node.op === 'Const') noted(problems, node, results, () => readConstant(node, named));
    else readNode(node, graph, results, problems, arranged);
  }
  throwUnread(problems, unreadNodes);
  return finish(graph, outputs, results, place.batch);
}

function neededNodes(
  nodes: ReadonlyMap<string, NodeDef>,
  outputs: Signature['outputs'],
): ReturnType<typeof orderNodes> {
  return orderNodes(
    nodes,
    outputs.map(({ node }) => node),
  );
}

/** What can't be read whatever the shapes: nodes that are needed and whose ops have no reader. */
function withoutReader(nodes: ReadonlyMap<string, NodeDef>, { outputs }: Signature): WhittleError[] {
  const isRead = ({ op }: NodeDef) => op === 'Const' || op === 'Placeholder' || readerOf(op) !== undefined;
  return neededNodes(nodes, outputs)
    .filter((node) => !isRead(node))
    .map(withoutOp);
}

function withoutOp({ name, op }: NodeDef): WhittleError {
  return unsupported(name, `no op for ${op}`);
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
    if (!reader) throw withoutOp(node);
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
  outputs: Signature['outputs'],
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
  const ends = namedEnds(
    ids,
    outputs.map(({ name }) => name),
  );
  const model = graph.finish(ends, batch === 'batch' ? {} : { 'tfjs/batch': String(batch) });
  verify(model);
  return model;
}
