import TinyQueue from 'tinyqueue';
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

/** Some nodes executed, in an order of the least peak that was found for them. */
interface State {
  /** A bit for each executed node. */
  readonly done: bigint;
  readonly executed: number;
  /** What was executed last, and what before it. */
  readonly last?: { readonly node: number; readonly before: State };
  readonly peak: number;
  /** Bytes of the values that are there and are still to be read. */
  readonly live: number;
  /** Of states alike, the earlier one is looked at first. */
  readonly rank: number;
}

/**
 * The order of execution with the least peak of live values and scratch: best first over the sets of executed nodes.
 * Nothing where the model's own order is as good, or the graph has too many orders to look through.
 */
export function orderForPeak(kernels: NodeKernels): number[] | undefined {
  const graph = graphOf(kernels);
  const own = Array.from({ length: graph.count }, (_, node) => node);
  const live = graph.given.reduce((sum, id) => sum + (isRead(graph, id) ? graph.bytes.get(id)! : 0), 0);
  const start: State = { done: 0n, executed: 0, peak: 0, live, rank: 0 };
  const ownPeak = own.reduce((state, node) => execute(graph, node, state, 0), start).peak;
  const before = predecessors(graph);
  const open = new TinyQueue([start], byPeak);
  const seen = new Set<bigint>();
  for (let looked = 0, made = 0; looked < SEARCH_LIMIT; looked++) {
    const state = open.pop();
    if (!state || state.peak >= ownPeak) return undefined;
    if (state.executed === graph.count) return orderOf(state);
    for (const node of own) {
      if (state.done & bit(node) || (before[node] & state.done) !== before[node]) continue;
      if (!seen.has(state.done | bit(node))) open.push(execute(graph, node, state, ++made));
    }
    seen.add(state.done);
  }
  return undefined;
}

const bit = (node: number) => 1n << BigInt(node);

/** The lowest peak first, the furthest among equals. */
function byPeak(a: State, b: State): number {
  return a.peak - b.peak || b.executed - a.executed || a.rank - b.rank;
}

function orderOf({ last }: State): number[] {
  return last ? [...orderOf(last.before), last.node] : [];
}

/** For each node those that make its inputs, a bit each. */
function predecessors({ inputs, outputs }: Graph): bigint[] {
  const producers = new Map(outputs.flatMap((ids, node) => ids.map((id) => [id, bit(node)] as const)));
  return inputs.map((ids) => ids.reduce((mask, id) => mask | (producers.get(id) ?? 0n), 0n));
}

function isRead({ kept, users }: Graph, id: Id): boolean {
  return kept.has(id) || (users.get(id) ?? []).length > 0;
}

/** The state after `node` too: while it runs its inputs, outputs and scratch are there beside all that is still to be read. */
function execute(graph: Graph, node: number, state: State, rank: number): State {
  const { inputs, outputs, users, kept, bytes, scratch, reusable } = graph;
  const done = state.done | bit(node);
  const dying = [...new Set(inputs[node])].filter(
    (id) => !kept.has(id) && users.get(id)!.every((user) => done & bit(user)),
  );
  const sizeOf = (ids: readonly Id[]) => ids.reduce((sum, id) => sum + bytes.get(id)!, 0);
  const result = sizeOf(outputs[node]);
  const reused = dying.filter((id) => reusable[node].has(id)).map((id) => bytes.get(id)!);
  const need = state.live + scratch[node] + result - Math.min(result, Math.max(0, ...reused));
  return {
    done,
    executed: state.executed + 1,
    last: { node, before: state },
    peak: Math.max(state.peak, need),
    live: state.live + sizeOf(outputs[node].filter((id) => isRead(graph, id))) - sizeOf(dying),
    rank,
  };
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
