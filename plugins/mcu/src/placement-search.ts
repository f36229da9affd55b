/** Something with a place in memory. */
export interface PlacedItem {
  readonly index: number;
  readonly size: number;
  /** Steps during which it is needed, both ends included. */
  readonly first: number;
  readonly last: number;
  /** By the index of an item that may overlap this one: how far before it this one must start. */
  readonly below: ReadonlyMap<number, number>;
}

/** Checks of two items that the search may make before it settles for the best found: a small part of a second. */
const SEARCH_LIMIT = 5_000_000;

/** Whether a step needs both items. */
export function meet(a: Omit<PlacedItem, 'index' | 'size' | 'below'>, b: typeof a): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Two items that meet: one starts at least so many bytes before the other, or the other way round. */
interface Pair {
  readonly a: number;
  readonly b: number;
  readonly aBelow: number;
  readonly bBelow: number;
}

/** Which of a pair lies below. */
const OPEN = 0;
const A_BELOW = 1;
const B_BELOW = 2;

/** What follows from the pairs decided so far. */
interface Decisions {
  readonly order: Uint8Array;
  /** The least offset of each item. */
  readonly offsets: Float64Array;
  /** The least bytes from the start of each item to the end of the plan. */
  readonly spans: Float64Array;
}

/**
 * Branch and bound over which of two items lies below the other. A decision moves the least offsets of the items above
 * and the ends of those below; pairs that have only one way left under the best total so far follow from it.
 */
export class PlacementSearch {
  /** Offsets by item, better than `total`. */
  best: number[] | undefined;
  readonly #items: readonly PlacedItem[];
  readonly #pairs: readonly Pair[];
  /** Of each item. */
  readonly #pairsOf: readonly (readonly number[])[];
  readonly #lowerBound: number;
  /** The best total. */
  #total: number;
  #left = SEARCH_LIMIT;

  /** Items are in the order of their indices, 0 to their number - 1; a plan of `total` bytes is known. */
  constructor(items: readonly PlacedItem[], lowerBound: number, total: number) {
    this.#items = items;
    this.#lowerBound = lowerBound;
    this.#total = total;
    this.#pairs = pairsOf(items);
    const pairsByItem = items.map((): number[] => []);
    this.#pairs.forEach(({ a, b }, pair) => {
      pairsByItem[a].push(pair);
      pairsByItem[b].push(pair);
    });
    this.#pairsOf = pairsByItem;
  }

  /** Whether the best plan is optimal: the search came to its end, or met the lower bound. */
  run(): boolean {
    const items = this.#items;
    this.#branch(
      {
        order: new Uint8Array(this.#pairs.length),
        offsets: new Float64Array(items.length),
        spans: Float64Array.from(items, ({ size }) => size),
      },
      items.map(({ index }) => index),
    );
    return this.#left > 0 || this.#total === this.#lowerBound;
  }

  #branch(decisions: Decisions, changed: number[]): void {
    if (!this.#follow(decisions, changed)) return;
    const pair = this.#worstConflict(decisions);
    if (pair < 0) {
      this.best = [...decisions.offsets];
      this.#total = this.#items.reduce((end, { index, size }) => Math.max(end, this.best![index] + size), 0);
      return;
    }
    const { a, b } = this.#pairs[pair];
    const [first, second] =
      this.#totalOf(decisions, pair, A_BELOW) <= this.#totalOf(decisions, pair, B_BELOW)
        ? [A_BELOW, B_BELOW]
        : [B_BELOW, A_BELOW];
    for (const choice of [first, second]) {
      if (this.#left <= 0 || this.#total === this.#lowerBound) return;
      const copy = {
        order: decisions.order.slice(),
        offsets: decisions.offsets.slice(),
        spans: decisions.spans.slice(),
      };
      copy.order[pair] = choice;
      this.#branch(copy, [a, b]);
    }
  }

  /** Draws conclusions from the items that have changed. False where no plan is better than the best. */
  #follow({ order, offsets, spans }: Decisions, changed: number[]): boolean {
    const queued = new Uint8Array(this.#items.length);
    for (const item of changed) queued[item] = 1;
    for (let item = changed.pop(); item !== undefined; item = changed.pop()) {
      queued[item] = 0;
      this.#left -= this.#pairsOf[item].length;
      if (this.#left <= 0) return false;
      for (const pair of this.#pairsOf[item]) {
        const { a, b, aBelow, bBelow } = this.#pairs[pair];
        if (order[pair] === OPEN) {
          const aCan = offsets[a] + aBelow + spans[b] < this.#total;
          const bCan = offsets[b] + bBelow + spans[a] < this.#total;
          if (aCan && bCan) continue;
          if (!aCan && !bCan) return false;
          order[pair] = aCan ? A_BELOW : B_BELOW;
        }
        const [lower, upper, distance] = order[pair] === A_BELOW ? [a, b, aBelow] : [b, a, bBelow];
        const offset = offsets[lower] + distance;
        const span = distance + spans[upper];
        if (offset + spans[upper] >= this.#total) return false;
        for (const each of [lower, upper]) {
          if (each === lower ? span <= spans[lower] : offset <= offsets[upper]) continue;
          if (each === lower) spans[lower] = span;
          else offsets[upper] = offset;
          if (queued[each] === 0) changed.push(each);
          queued[each] = 1;
        }
      }
    }
    return true;
  }

  /** The undecided pair that overlaps at the least offsets whose better way costs the most; -1 where none does. */
  #worstConflict(decisions: Decisions): number {
    const { order, offsets } = decisions;
    let worst = -1;
    let most = -Infinity;
    this.#left -= this.#pairs.length;
    for (let pair = 0; pair < this.#pairs.length; pair++) {
      if (order[pair] !== OPEN) continue;
      const { a, b, aBelow, bBelow } = this.#pairs[pair];
      if (offsets[a] + aBelow <= offsets[b] || offsets[b] + bBelow <= offsets[a]) continue;
      const cost = Math.min(this.#totalOf(decisions, pair, A_BELOW), this.#totalOf(decisions, pair, B_BELOW));
      if (cost > most) [worst, most] = [pair, cost];
    }
    return worst;
  }

  /** What a plan comes to at least with a pair in this order. */
  #totalOf({ offsets, spans }: Decisions, pair: number, order: number): number {
    const { a, b, aBelow, bBelow } = this.#pairs[pair];
    return order === A_BELOW ? offsets[a] + aBelow + spans[b] : offsets[b] + bBelow + spans[a];
  }
}

function pairsOf(items: readonly PlacedItem[]): Pair[] {
  const distance = (lower: PlacedItem, upper: PlacedItem) =>
    Math.min(lower.size, lower.below.get(upper.index) ?? lower.size);
  return items.flatMap((a, i) =>
    items
      .slice(i + 1)
      .flatMap((b) =>
        meet(a, b) ? [{ a: a.index, b: b.index, aBelow: distance(a, b), bBelow: distance(b, a) }] : [],
      ),
  );
}
