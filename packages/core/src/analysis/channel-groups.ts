import type { Id, Model } from '../model.js';
import { concrete, nodeName, typeOf } from '../model.js';
import type { Span } from '../op.js';
import { viewNode } from '../op.js';
import { leaves } from '../traverse.js';

/** An axis of a value, parameters included. */
export interface Slot {
  readonly value: Id;
  readonly axis: number;
}

/** What goes when one channel goes: for each slot of its group the indices along that axis. */
export interface Channel {
  readonly indices: readonly Int32Array[];
  /** The block that the channel lies in, where the group is balanced. */
  readonly block: number;
}

/** Channels that touch the same slots, each of which can be removed as a whole. */
export interface ChannelGroup {
  /** The first value (in order of computation) that has these channels. */
  readonly name: string;
  readonly slots: readonly Slot[];
  readonly channels: readonly Channel[];
  /** Channels must be removed in equal numbers from each of so many blocks (grouped convolution); 1 where they are free. */
  readonly blocks: number;
}

/** Channels that must stay, and why, in words for a person. */
export interface PinnedChannels {
  readonly name: string;
  readonly count: number;
  readonly reason: string;
}

export interface ChannelAnalysis {
  readonly groups: readonly ChannelGroup[];
  readonly pinned: readonly PinnedChannels[];
}

/** Calls `visit` with each index that an atom of a span covers. */
export function forEachIndex(span: Span, atom: number, visit: (index: number) => void): void {
  const { start = 0, count, each = 1, tile = 1 } = span;
  const position = span.order ? span.order[atom] : atom;
  for (let t = 0; t < tile; t++)
    for (let e = 0; e < each; e++) visit(start + (t * count + position) * each + e);
}

/**
 * Finds every group of channels that must be kept or removed together, from the ties that the ops declare: a union-find
 * over atoms, one for each index along each axis of each value.
 */
export function channelGroups(model: Model): ChannelAnalysis {
  const atoms = new Atoms(model);
  const balances: { readonly span: Span; readonly blocks: number }[] = [];
  for (const node of model.nodes) {
    const view = viewNode(model, node);
    const { ties, choices = [], balance = [] } = node.op.channels(view);
    balances.push(...balance);
    const covered = new Set<number>();
    for (const tie of ties) atoms.unite(tie, covered);
    for (const choice of choices) atoms.unite(atoms.choose(choice), covered);
    for (const value of new Set([...node.inputs, ...node.outputs]))
      atoms.pinUncovered(value, covered, `${nodeName(node)} (${node.op.name}) needs all of them`);
  }
  for (const { id } of model.inputs) atoms.pinAll(id, 'they come from outside the model');
  for (const id of leaves(model)) atoms.pinAll(id, 'they leave the model');
  for (const state of model.states) atoms.pinAll(state.in, 'they are kept from one inference to the next');
  return collect(model, atoms, balances);
}

/** Union-find over the indices of all axes of all values. */
class Atoms {
  readonly slots: (Slot & { readonly base: number; readonly size: number })[] = [];
  readonly reasons = new Map<number, string>();
  readonly #bases = new Map<Id, number[]>();
  readonly #sizes = new Map<Id, number[]>();
  readonly #parent: Int32Array;
  /** For each root whether its set has an index of a parameter: channels that weights compute. */
  readonly #weighted: Uint8Array;

  constructor(model: Model) {
    let total = 0;
    for (const value of [...model.values.keys(), ...model.parameters.keys()]) {
      const shape = concrete(typeOf(model, value).shape);
      const bases: number[] = [];
      shape.forEach((size, axis) => {
        bases.push(total);
        this.slots.push({ value, axis, base: total, size });
        total += size;
      });
      this.#bases.set(value, bases);
      this.#sizes.set(value, shape);
    }
    this.#parent = Int32Array.from({ length: total }, (_, i) => i);
    this.#weighted = new Uint8Array(total);
    for (const { value, base, size } of this.slots)
      if (model.parameters.has(value)) this.#weighted.fill(1, base, base + size);
  }

  find(atom: number): number {
    let root = atom;
    while (this.#parent[root] !== root) root = this.#parent[root];
    while (this.#parent[atom] !== root) {
      const next = this.#parent[atom];
      this.#parent[atom] = root;
      atom = next;
    }
    return root;
  }

  at(value: Id, axis: number, index: number): number {
    return (this.#bases.get(value) as number[])[axis] + index;
  }

  /** Unites the i-th atoms of all spans, and notes which atoms the tie covers. */
  unite(tie: readonly Span[], covered: Set<number>): void {
    for (let i = 0; i < tie[0].count; i++) {
      let first = -1;
      for (const span of tie)
        forEachIndex(span, i, (index) => {
          const atom = this.at(span.value, span.axis, index);
          covered.add(atom);
          if (first < 0) first = atom;
          else this.#join(this.find(atom), this.find(first));
        });
    }
  }

  #join(root: number, into: number): void {
    this.#parent[root] = into;
    this.#weighted[into] |= this.#weighted[root];
  }

  /** Of ties that exclude one another, the one whose channels weights compute; of several, the one of most channels. */
  choose(ties: readonly (readonly Span[])[]): readonly Span[] {
    const isWeighted = ([{ value, axis, start = 0 }]: readonly Span[]) =>
      this.#weighted[this.find(this.at(value, axis, start))];
    const weighted = ties.filter(isWeighted);
    const candidates = weighted.length > 0 ? weighted : ties;
    return candidates.reduce((best, tie) => (tie[0].count >= best[0].count ? tie : best));
  }

  pinUncovered(value: Id, covered: ReadonlySet<number>, reason: string): void {
    this.#forEachAtom(value, (atom) => !covered.has(atom) && this.#pin(atom, reason));
  }

  pinAll(value: Id, reason: string): void {
    this.#forEachAtom(value, (atom) => this.#pin(atom, reason));
  }

  #pin(atom: number, reason: string): void {
    if (!this.reasons.has(atom)) this.reasons.set(atom, reason);
  }

  #forEachAtom(value: Id, visit: (atom: number) => void): void {
    (this.#sizes.get(value) as number[]).forEach((size, axis) => {
      for (let i = 0; i < size; i++) visit(this.at(value, axis, i));
    });
  }
}

interface Draft {
  readonly slots: number[];
  readonly indices: number[][];
}

function collect(
  model: Model,
  atoms: Atoms,
  balances: readonly { readonly span: Span; readonly blocks: number }[],
): ChannelAnalysis {
  const reasons = new Map<number, string>();
  for (const [atom, reason] of atoms.reasons)
    if (!reasons.has(atoms.find(atom))) reasons.set(atoms.find(atom), reason);
  const drafts = new Map<number, Draft>();
  atoms.slots.forEach(({ base, size }, slot) => {
    for (let i = 0; i < size; i++) {
      const root = atoms.find(base + i);
      let draft = drafts.get(root);
      if (!draft) drafts.set(root, (draft = { slots: [], indices: [] }));
      if (draft.slots.at(-1) !== slot) {
        draft.slots.push(slot);
        draft.indices.push([]);
      }
      (draft.indices.at(-1) as number[]).push(i);
    }
  });
  const blockOf = new Map<number, { block: number; blocks: number }>();
  for (const { span, blocks } of balances)
    for (let i = 0; i < span.count; i++)
      forEachIndex(span, i, (index) =>
        blockOf.set(atoms.find(atoms.at(span.value, span.axis, index)), {
          block: Math.floor((i * blocks) / span.count),
          blocks,
        }),
      );

  const groups = new Map<string, { name: string; slots: Slot[]; channels: Channel[]; blocks: number }>();
  const pinned = new Map<string, { name: string; count: number; reason: string }>();
  for (const [root, draft] of drafts) {
    const slots = draft.slots.map((slot) => atoms.slots[slot]);
    // Channels proper: computed by weights. Axes of constants alone, or of activations alone, are nothing to prune.
    if (!slots.some((s) => model.parameters.has(s.value)) || !slots.some((s) => model.values.has(s.value)))
      continue;
    const name = (slots.find((s) => model.values.has(s.value)) as Slot).value;
    const reason = reasons.get(root);
    const { block = 0, blocks = 1 } = blockOf.get(root) ?? {};
    if (reason !== undefined) {
      const entry = pinned.get(`${name} ${reason}`);
      if (entry) entry.count++;
      else pinned.set(`${name} ${reason}`, { name, count: 1, reason });
      continue;
    }
    const key = draft.slots.map((slot, i) => `${slot}x${draft.indices[i].length}`).join(' ');
    let group = groups.get(key);
    if (!group)
      groups.set(
        key,
        (group = { name, slots: slots.map(({ value, axis }) => ({ value, axis })), channels: [], blocks }),
      );
    group.channels.push({ indices: draft.indices.map((list) => Int32Array.from(list)), block });
  }
  return { groups: [...groups.values()], pinned: [...pinned.values()] };
}
