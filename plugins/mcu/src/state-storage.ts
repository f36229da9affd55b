import { typeOf } from '@whittle/core';
import type { Id } from '@whittle/core';
import { bytesOf, leavesOf, merge, operandsOf } from './storage.js';
import type { Storage, StorageMap } from './storage.js';

/** Bytes that are brought somewhere at the end of an inference: to a state, or to an output that was a state. */
export interface StateMove {
  /** The parameter, or the storage and how many bytes into it. */
  readonly from: { readonly parameter: Id } | { readonly storage: Storage; readonly offset: number };
  readonly to: Storage;
  readonly bytes: number;
}

/** What becomes of the states in memory. */
export interface StateStorage {
  /** Steps whose output begins with a state that lies there already: `append` of their plan does. */
  readonly appended: ReadonlySet<number>;
  /** Steps whose output is part of what lies in a state's memory, and is moved from there: they have no calls. */
  readonly skipped: ReadonlySet<number>;
  /** In any order: each takes what its source held before all of them. */
  readonly moves: readonly ValueMove[];
  /** Model outputs that are what a state was, which is overwritten: where they lie afterwards. */
  readonly outputs: ReadonlyMap<Id, Storage>;
}

/** A move from a value, some bytes into it, or from a parameter. */
interface ValueMove {
  readonly from: Id;
  readonly offset: number;
  readonly to: Storage;
  readonly bytes: number;
}

/**
 * Gives states memory of their own, for the whole life of the program. The next value is computed right there where nothing
 * reads the state any more by then; else beside it, and moved at the end. A concat that begins with a state only appends to
 * it, and the slice of it that is the next value is moved down within that memory: frames in a ring need no second copy.
 */
export function storeStates(map: StorageMap): StateStorage {
  const { model, steps, storageOf } = map;
  const lastRead = new Map<Storage, number>();
  for (const state of model.states) {
    const storage = storageOf.get(state.in)!;
    lastRead.set(storage, storage.last);
    storage.first = -1;
    storage.last = steps.length;
  }
  const appended = appendToStates(map, lastRead);
  const skipped = new Set<number>();
  const moves: ValueMove[] = [];
  for (const state of model.states) {
    const to = storageOf.get(state.in)!;
    const bytes = bytesOf(typeOf(model, state.in));
    const next = storageOf.get(state.out);
    const part = partOf(map, state.out, to);
    if (next === undefined) moves.push({ from: state.out, offset: 0, to, bytes });
    else if (part) {
      skipped.add(part.step);
      storageOf.delete(state.out);
      moves.push({ from: state.in, offset: part.offset, to, bytes });
    } else if (next !== to) {
      if (!lastRead.has(next) && mayReplace(map, next, to, lastRead.get(to)!)) merge(map, to, next);
      else moves.push({ from: state.out, offset: 0, to, bytes });
    }
  }
  const outputs = new Map<Id, Storage>();
  const overwritten = new Set(moves.map(({ to }) => to));
  for (const { id } of model.outputs) {
    const storage = storageOf.get(id);
    if (!storage || !overwritten.has(storage) || outputs.has(id)) continue;
    const bytes = bytesOf(typeOf(model, id));
    const copy: Storage = { values: [], bytes, first: steps.length, last: steps.length };
    outputs.set(id, copy);
    moves.push({ from: id, offset: 0, to: copy, bytes });
  }
  return { appended, skipped, moves, outputs };
}

/** Lets concats that begin with a state lie on it, where nothing else does. Returns their steps. */
function appendToStates(map: StorageMap, lastRead: Map<Storage, number>): Set<number> {
  const { model, steps, storageOf } = map;
  const appended = new Set<number>();
  const longer = new Set<Storage>();
  steps.forEach(({ plan, schedule, last }, step) => {
    if (schedule || !plan.append) return;
    const { inputs, outputs } = model.nodes[last];
    const storage = storageOf.get(inputs[0]);
    const output = storageOf.get(outputs[0])!;
    const fits = storage && lastRead.has(storage) && !longer.has(storage) && !lastRead.has(output);
    if (!fits || output.last >= steps.length) return;
    lastRead.set(storage, Math.max(lastRead.get(storage)!, output.last));
    storage.bytes = Math.max(storage.bytes, output.bytes);
    merge(map, storage, output);
    longer.add(storage);
    appended.add(step);
  });
  return appended;
}

/** The step that would cut a next value, which nothing else reads, out of what lies in the state's memory, and where. */
function partOf({ model, steps, stepOf, storageOf }: StorageMap, id: Id, state: Storage) {
  const node = model.nodes.findIndex(({ outputs }) => outputs[0] === id);
  if (node < 0) return undefined;
  const step = stepOf[node];
  const { plan, schedule } = steps[step];
  const isRead =
    model.nodes.some(({ inputs }) => inputs.includes(id)) ||
    model.outputs.some((output) => output.id === id) ||
    model.states.filter(({ out }) => out === id).length > 1;
  if (schedule || plan.partAt === undefined || isRead) return undefined;
  return storageOf.get(model.nodes[node].inputs[0]) === state ? { step, offset: plan.partAt } : undefined;
}

/** Whether a next value may be computed in the state's memory, which is read until `lastRead`. */
function mayReplace(map: StorageMap, next: Storage, state: Storage, lastRead: number): boolean {
  const { model, steps, storageOf } = map;
  if (next.first < 0 || next.first < lastRead) return false;
  if (next.first > lastRead) return true;
  const step = steps[next.first];
  const { inputs, outputs } = model.nodes[step.last];
  const leaves = leavesOf(step, inputs).filter(
    ({ output, distance = 0 }) => storageOf.get(outputs[output]) === next && distance <= 0,
  );
  return operandsOf(map, next.first).every(
    (id) => storageOf.get(id) !== state || leaves.some(({ input }) => input === id),
  );
}

/**
 * Moves in an order in which none overwrites what a later one reads; where they go round in a circle, by way of memory beside
 * them. To be called once all values have their final storage.
 */
export function orderMoves(
  { steps, storageOf }: StorageMap,
  moves: readonly ValueMove[],
): { readonly ordered: readonly StateMove[]; readonly spare: readonly Storage[] } {
  const ordered: StateMove[] = [];
  const spare: Storage[] = [];
  let left = moves.map(({ from, offset, to, bytes }): StateMove => {
    const storage = storageOf.get(from);
    return { from: storage ? { storage, offset } : { parameter: from }, to, bytes };
  });
  const reads = ({ from }: StateMove, storage: Storage) => 'storage' in from && from.storage === storage;
  while (left.length > 0) {
    const next = left.find((move) => !left.some((other) => other !== move && reads(other, move.to)));
    if (next) {
      ordered.push(next);
      left = left.filter((move) => move !== next);
      continue;
    }
    const [{ to }] = left;
    const copy: Storage = { values: [], bytes: to.bytes, first: steps.length, last: steps.length };
    spare.push(copy);
    ordered.push({ from: { storage: to, offset: 0 }, to: copy, bytes: to.bytes });
    left = left.map((move) =>
      reads(move, to) ? { ...move, from: { storage: copy, offset: offsetOf(move) } } : move,
    );
  }
  return { ordered, spare };
}

function offsetOf({ from }: StateMove): number {
  return 'offset' in from ? from.offset : 0;
}
