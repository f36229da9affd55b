import { leaves, typeOf } from '@whittle/core';
import type { Id } from '@whittle/core';
import type { NodeKernels } from './lower-nodes.js';
import { bytesOf } from './storage.js';

/** Sets of executed nodes that the search looks at before it settles for the order that there is. */
const SEARCH_LIMIT = 4_000;

/** Nodes of a graph with the bytes that each needs at its step. */
interface Graph {
  readonly count: number;
  /** Values from outside, there before the first node. */
  readonly given: readonly Id[];
  readonly inputs: readonly (readonly Id[])[];
  readonly outputs: readonly (readonly Id[])[];
  readonly users: ReadonlyMap<Id, readonly number[]>;
  readonly kept: ReadonlySet<Id>;
  readonly bytes: ReadonlyMap<Id, number>;
  /** Scratch of each node. */
  readonly scratch: readonly number[];
  /** For each node the operands on which its output may lie once they are dead. */
  readonly reusable: readonly ReadonlySet<Id>[];
}

interface State {
  readonly done: ReadonlySet<number>;
  readonly order: readonly number[];
  readonly peak: number;
}

/**
 * The order of execution with the least peak of live values and scratch: best first over the sets of executed nodes.
 * Nothing where the model's own order is as good, or the graph has too many orders to look through.
 */
export function orderForPeak(kernels: NodeKernels): number[] | undefined {
  const graph = graphOf(kernels);
  const own = Array.from({ length: graph.count }, (_, node) => node);
  const ownPeak = peakOf(graph, own);
  const open: State[] = [{ done: new Set(), order: [], peak: 0 }];
  const seen = new Set<string>();
  const keyOf = (done: ReadonlySet<number>) => own.map((node) => (done.has(node) ? '1' : '0')).join('');
  for (let looked = 0; looked < SEARCH_LIMIT; looked++) {
    const state = takeBest(open);
    if (!state || state.peak >= ownPeak) return undefined;
    if (state.order.length === graph.count) return [...state.order];
    for (const node of own) {
      if (state.done.has(node) || !isReady(graph, node, state.done)) continue;
      const done = new Set(state.done).add(node);
      if (seen.has(keyOf(done))) continue;
      const peak = Math.max(state.peak, needAt(graph, node, state.done));
      open.push({ done, order: [...state.order, node], peak });
    }
    seen.add(keyOf(state.done));
  }
  return undefined;
}

/** Removes and returns the state of the lowest peak, the furthest one among equals. */
function takeBest(open: State[]): State | undefined {
  if (open.length === 0) return undefined;
  let best = 0;
  open.forEach((state, i) => {
    const { peak, order } = open[best];
    if (state.peak < peak || (state.peak === peak && state.order.length > order.length)) best = i;
  });
  return open.splice(best, 1)[0];
}

function peakOf(graph: Graph, order: readonly number[]): number {
  const done = new Set<number>();
  let peak = 0;
  for (const node of order) {
    peak = Math.max(peak, needAt(graph, node, done));
    done.add(node);
  }
  return peak;
}

function isReady({ inputs, outputs }: Graph, node: number, done: ReadonlySet<number>): boolean {
  return inputs[node].every((id) => {
    const producer = outputs.findIndex((ids) => ids.includes(id));
    return producer < 0 || done.has(producer);
  });
}

/** Bytes that are needed while `node` runs after the nodes in `done`. */
function needAt(graph: Graph, node: number, done: ReadonlySet<number>): number {
  const { inputs, outputs, users, kept, bytes, given, scratch, reusable } = graph;
  const isOpen = (id: Id) => kept.has(id) || (users.get(id) ?? []).some((user) => !done.has(user));
  const made = [...given, ...[...done].flatMap((each) => outputs[each])];
  let need = made.filter(isOpen).reduce((sum, id) => sum + bytes.get(id)!, 0) + scratch[node];
  const result = outputs[node].reduce((sum, id) => sum + bytes.get(id)!, 0);
  const dies = (id: Id) => !kept.has(id) && users.get(id)!.every((user) => user === node || done.has(user));
  const reused = inputs[node].filter((id) => reusable[node].has(id) && dies(id)).map((id) => bytes.get(id)!);
  need += result - Math.min(result, Math.max(0, ...reused));
  return need;
}

function graphOf({ model, plans }: NodeKernels): Graph {
  const users = new Map<Id, number[]>();
  const isValue = (id: Id) => model.values.has(id);
  model.nodes.forEach((node, i) => {
    for (const id of new Set(node.inputs.filter(isValue))) users.set(id, [...(users.get(id) ?? []), i]);
  });
  const states = model.states.map((state) => state.in);
  const given = [...model.inputs.map(({ id }) => id), ...states];
  const ids = [...given, ...model.nodes.flatMap(({ outputs }) => outputs)];
  return {
    count: model.nodes.length,
    given,
    inputs: model.nodes.map(({ inputs }) => inputs.filter(isValue)),
    outputs: model.nodes.map(({ outputs }) => outputs),
    users,
    kept: new Set([...leaves(model), ...states]),
    bytes: new Map(ids.map((id) => [id, bytesOf(typeOf(model, id))])),
    scratch: plans.map(({ scratchBytes = 0 }) => scratchBytes),
    reusable: plans.map(({ inPlace = [], overlap = [], view }, i) => {
      const reused = [...inPlace, ...overlap, ...(view ? [{ input: 0 }] : [])];
      return new Set(reused.map(({ input }) => model.nodes[i].inputs[input]));
    }),
  };
}
