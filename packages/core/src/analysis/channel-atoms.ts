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

/** Union-find over the indices of all axes of all values. */
export class ChannelAtoms {
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
