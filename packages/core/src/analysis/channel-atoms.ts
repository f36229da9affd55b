import type { Id, Model } from '../model.js';
import { concrete, typeOf } from '../model.js';
import type { Span } from '../op.js';

/** An axis of a value, parameters included. */
export interface Slot {
  readonly value: Id;
  readonly axis: number;
}

/** Calls `visit` with each index that an atom of a span covers. */
export function forEachIndex(span: Span, atom: number, visit: (index: number) => void): void {
  const { start = 0, count, each = 1, tile = 1 } = span;
  const position = span.order ? span.order[atom] : atom;
  for (let t = 0; t < tile; t++)
    for (let e = 0; e < each; e++) visit(start + (t * count + position) * each + e);
}

const COMPUTED = 1;
const WEIGHTED = 2;

/** Union-find over the indices of all axes of all values. */
export class ChannelAtoms {
  readonly slots: (Slot & { readonly base: number; readonly size: number })[] = [];
  readonly #slotsOf = new Map<Id, (Slot & { readonly base: number; readonly size: number })[]>();
  readonly #parent: Int32Array;
  /** For each root whether its set has an index of a computed value, and one of a parameter: channels that weights compute. */
  readonly #kinds: Uint8Array;
  /** For each atom why it must stay, by its place in `#reasons`, or 0. */
  readonly #reasonOf: Int32Array;
  readonly #reasons: string[] = [''];
  /** For each atom the last node whose ties cover it. */
  readonly #covered: Int32Array;
  #node = 0;

  constructor(model: Model) {
    let total = 0;
    for (const value of [...model.values.keys(), ...model.parameters.keys()]) {
      const own = concrete(typeOf(model, value).shape).map((size, axis) => {
        const slot = { value, axis, base: total, size };
        total += size;
        return slot;
      });
      this.slots.push(...own);
      this.#slotsOf.set(value, own);
    }
    this.#parent = new Int32Array(total).map((_, i) => i);
    this.#kinds = new Uint8Array(total);
    for (const { value, base, size } of this.slots)
      this.#kinds.fill(model.parameters.has(value) ? WEIGHTED : COMPUTED, base, base + size);
    this.#reasonOf = new Int32Array(total);
    this.#covered = new Int32Array(total);
  }

  find(atom: number): number {
    const parent = this.#parent;
    while (parent[atom] !== atom) atom = parent[atom] = parent[parent[atom]];
    return atom;
  }

  at(value: Id, axis: number, index: number): number {
    return this.#slotsOf.get(value)![axis].base + index;
  }

  /** Whether weights compute what a root stands for. */
  isChannel(root: number): boolean {
    return this.#kinds[root] === (COMPUTED | WEIGHTED);
  }

  /** From here on ties are those of the next node. */
  nextNode(): void {
    this.#node++;
  }

  /** Unites the i-th atoms of all spans. */
  unite(tie: readonly Span[]): void {
    const [first, ...others] = tie;
    const isPlain = tie.every(({ each = 1, tile = 1, order }) => each === 1 && tile === 1 && !order);
    if (isPlain) {
      const from = this.at(first.value, first.axis, first.start ?? 0);
      this.#covered.fill(this.#node, from, from + first.count);
      for (const { value, axis, start = 0, count } of others) {
        const to = this.at(value, axis, start);
        this.#covered.fill(this.#node, to, to + count);
        for (let i = 0; i < first.count; i++) this.#join(to + i, from + i);
      }
      return;
    }
    for (let i = 0; i < first.count; i++) {
      let kept = -1;
      for (const span of tie)
        forEachIndex(span, i, (index) => {
          const atom = this.at(span.value, span.axis, index);
          this.#covered[atom] = this.#node;
          if (kept < 0) kept = atom;
          else this.#join(atom, kept);
        });
    }
  }

  #join(a: number, b: number): void {
    const [root, into] = [this.find(a), this.find(b)];
    this.#parent[root] = into;
    this.#kinds[into] |= this.#kinds[root];
  }

  /** Of ties that exclude one another, the one whose channels weights compute; of several, the one of most channels. */
  choose(ties: readonly (readonly Span[])[]): readonly Span[] {
    const isWeighted = ([{ value, axis, start = 0 }]: readonly Span[]) =>
      this.#kinds[this.find(this.at(value, axis, start))] & WEIGHTED;
    const weighted = ties.filter(isWeighted);
    const candidates = weighted.length > 0 ? weighted : ties;
    return candidates.reduce((best, tie) => (tie[0].count >= best[0].count ? tie : best));
  }

  /** Holds what the ties of this node leave out of a value. */
  pinUncovered(value: Id, reason: string): void {
    this.#pin(value, reason, (atom) => this.#covered[atom] !== this.#node);
  }

  pinAll(value: Id, reason: string): void {
    this.#pin(value, reason, () => true);
  }

  #pin(value: Id, reason: string, isPinned: (atom: number) => boolean): void {
    const own = this.#reasons.push(reason) - 1;
    for (const { base, size } of this.#slotsOf.get(value)!)
      for (let atom = base; atom < base + size; atom++)
        if (this.#reasonOf[atom] === 0 && isPinned(atom)) this.#reasonOf[atom] = own;
  }

  /** For each root why it must stay, by the first reason that an atom of it was pinned for. */
  rootReasons(): (root: number) => string | undefined {
    const found = new Int32Array(this.#parent.length);
    for (let atom = 0; atom < found.length; atom++) {
      const reason = this.#reasonOf[atom];
      if (reason === 0) continue;
      const root = this.find(atom);
      if (found[root] === 0 || reason < found[root]) found[root] = reason;
    }
    return (root) => (found[root] === 0 ? undefined : this.#reasons[found[root]]);
  }
}
