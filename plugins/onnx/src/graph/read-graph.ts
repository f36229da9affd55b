import { formatType, isWhittleError, where } from '@whittle/core';
import type { WhittleError } from '@whittle/core';
import { canFold, foldNode } from '../fold/fold-node.js';
import { BatchMixed, invalid, unsupported } from '../faults.js';
import { broadcastOf } from '../ops/broadcast.js';
import { readerOf } from '../ops/readers.js';
import type { GraphProto, NodeProto } from '../proto/messages.js';
import { readTensor } from '../tensors/read-tensor.js';
import type { ExternalData } from '../tensors/read-tensor.js';
import { dtypeOf, shapeOf } from '../values/value.js';
import type { Value } from '../values/value.js';
import type { GraphWriter } from './graph-writer.js';
import { NodeCall } from './node-call.js';
import type { Known } from './node-call.js';

/** What reading a model keeps track of. */
export interface Reading {
  readonly graph: GraphWriter;
  readonly external: ExternalData;
  /** The version of each operator set. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly problems: WhittleError[];
}

/** Values by name; those of inner graphs before those of the graph around them. */
export class Scope {
  readonly #values = new Map<string, Value>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  get(name: string): Value | undefined {
    return this.#values.get(name) ?? this.#outer?.get(name);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** @throws FORMAT_INVALID where there is a value of that name */
  set(name: string, value: Value): void {
    if (this.#values.has(name)) throw invalid(name, 'two values of one name');
    this.#values.set(name, value);
  }
}

/** Reads a graph's tensors and nodes, in order. What can't be read is noted, and what depends on it is left unread. */
export function readGraph(graph: GraphProto, scope: Scope, reading: Reading): void {
  if (graph.sparseInitializer?.length)
    reading.problems.push(unsupported(graph.name ?? 'graph', 'sparse tensors'));
  for (const proto of graph.initializer ?? []) {
    const name = proto.name ?? '';
    try {
      scope.set(name, { kind: 'constant', name, tensor: readTensor(proto, name, reading.external) });
    } catch (error) {
      note(error, reading);
      scope.set(name, { kind: 'unread' });
    }
  }
  for (const node of graph.node ?? []) readNode(node, scope, reading);
}

function readNode(node: NodeProto, scope: Scope, reading: Reading): void {
  const where = nameOf(node);
  const outputs = node.output ?? [];
  const operands = (node.input ?? []).map((name) => {
    if (name === '') return undefined;
    const value = scope.get(name);
    if (!value) throw invalid(where, `reads '${name}', which nothing before it defines`);
    return value;
  });
  const unread = () => outputs.forEach((name) => name && scope.set(name, { kind: 'unread' }));
  const isKnown = operands.every((value) => value?.kind !== 'unread');
  if (!isKnown) {
    if (!canRead(node)) note(withoutOp(node), reading);
    return unread();
  }
  try {
    const call = callOf(node, operands as (Known | undefined)[], where, reading);
    if (call.op === inner) return readBranches(call, scope, reading);
    if (!foldNode(call)) {
      const reader = readerOf(call.op);
      if (!reader) throw withoutOp(node);
      reader(call);
    }
    outputs.forEach((name, i) => {
      if (name === '') return;
      const value = call.results[i];
      if (!value) throw unsupported(where, `${call.op} with result ${i}`);
      scope.set(name, value);
    });
  } catch (error) {
    note(error, reading);
    outputs.forEach((name) => name && !scope.has(name) && scope.set(name, { kind: 'unread' }));
  }
}

const inner = 'If';

function canRead({ opType = '', domain = '' }: NodeProto): boolean {
  const isKnown = readerOf(opType) !== undefined || canFold(opType) || opType === inner;
  return isKnown && (domain === '' || domain === 'ai.onnx');
}

/** What can't be read whatever the shapes: nodes whose ops have no reader. Those of branches may not be needed. */
export function withoutReader(graph: GraphProto | undefined): WhittleError[] {
  return (graph?.node ?? []).flatMap((node) => (canRead(node) ? [] : [withoutOp(node)]));
}

function nameOf(node: NodeProto): string {
  return node.name || node.output?.[0] || 'node';
}

function withoutOp(node: NodeProto): WhittleError {
  return unsupported(nameOf(node), `no op for ${opName(node)}`);
}

/** An op's name, with that of its operator set where it is another than ONNX's own. */
function opName({ opType = '', domain = '' }: NodeProto): string {
  return domain === '' || domain === 'ai.onnx' ? opType : `${opType} of ${domain}`;
}

/** @throws OP_UNSUPPORTED for ops of other operator sets */
function callOf(
  node: NodeProto,
  operands: readonly (Known | undefined)[],
  where: string,
  { opsets, graph, external }: Reading,
): NodeCall {
  const isOther = node.domain && node.domain !== 'ai.onnx';
  if (isOther) throw withoutOp(node);
  return new NodeCall(node, opsets.get('') ?? 0, graph, external, operands);
}

/** If: the branch that is taken, where the condition is known, else both and a choice between their results. */
function readBranches(call: NodeCall, scope: Scope, reading: Reading): void {
  const condition = call.operand(0);
  const isKnown = condition.kind === 'constant';
  const taken = isKnown ? [Number(condition.tensor.data[0]) !== 0] : [true, false];
  const [first, second] = taken.map((holds) =>
    readBranch(call, call.attributes.graph(holds ? 'then_branch' : 'else_branch'), scope, reading),
  );
  call.node.output?.forEach((name, i) => {
    if (name === '') return;
    const [a, b] = [first(i), second?.(i)];
    if (isKnown || a === b) return scope.set(name, a);
    const isRead = a.kind !== 'unread' && b !== undefined && b.kind !== 'unread';
    if (isRead) choose(call, condition, a, b, i);
    scope.set(name, (isRead ? call.results[i] : undefined) ?? { kind: 'unread' });
  });
}

/** Reads a branch's nodes, and gives its results. */
function readBranch(
  call: NodeCall,
  branch: GraphProto | undefined,
  scope: Scope,
  reading: Reading,
): (i: number) => Value {
  if (!branch) throw invalid(call.where, 'If without a branch');
  const own = new Scope(scope);
  readGraph(branch, own, reading);
  return (i) => {
    const from = branch.output?.[i]?.name ?? '';
    const value = own.get(from);
    if (!value) throw invalid(call.where, `no value '${from}' in a branch`);
    return value;
  };
}

/** @throws OP_UNSUPPORTED where the results are of two types or shapes, BatchMixed where each example has its condition */
function choose(call: NodeCall, condition: Known, a: Known, b: Known, i: number): void {
  const types = [a, b].map((value) => formatType({ dtype: dtypeOf(value), shape: shapeOf(value) }));
  if (types[0] !== types[1]) throw call.unsupported(`results of ${types.join(' and ')}`);
  const shape = shapeOf(condition);
  if (shape.includes('batch')) throw new BatchMixed(call.where, 'each example takes its own branch');
  if (shape.some((dim) => dim !== 1) || shape.length > shapeOf(a).length)
    throw call.unsupported(`a condition of shape [${shape.join(', ')}]`);
  broadcastOf(call, where, {}, [condition, a, b], undefined, i);
}

/** Keeps what can't be read for later; throws what else went wrong. */
function note(error: unknown, { problems }: Reading): void {
  if (!isWhittleError(error, 'OP_UNSUPPORTED')) throw error;
  problems.push(...(error.problems ?? [error]));
}
