/** Something that needs memory during a stretch of steps, both ends included. */
export interface MemoryRequest {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface MemoryPlan {
  /** Byte offset of each request. */
  readonly offsets: readonly number[];
  readonly totalBytes: number;
  /** What no plan can go below: the most that is needed at one step. */
  readonly lowerBound: number;
  /** Whether `totalBytes` is proven to be the least possible. */
  readonly optimal: boolean;
}

/** Comparisons of two items that the exact search may make before it settles for the best found: well under a second. */
const SEARCH_LIMIT = 20_000_000;

interface Item extends MemoryRequest {
  readonly index: number;
  /** Bytes rounded up to the alignment. */
  readonly size: number;
}

/**
 * Lays out requests so that those that are needed at a common step don't overlap: several first-fit orders, then, unless
 * one meets the lower bound, branch and bound over placements in order of their offsets. Deterministic.
 */
export function planMemory(requests: readonly MemoryRequest[], alignment: number): MemoryPlan {
  const items = requests.map((request, index): Item => ({
    ...request,
    index,
    size: Math.ceil(request.bytes / alignment) * alignment,
  }));
  const lowerBound = peak(items);
  let best = firstFit(items);
  for (const order of orders(items)) {
    const offsets = firstFit(order);
    if (totalOf(items, offsets) < totalOf(items, best)) best = offsets;
  }
  let optimal = totalOf(items, best) === lowerBound;
  if (!optimal) {
    const search = new PlacementSearch(items, lowerBound, totalOf(items, best));
    optimal = search.run();
    best = search.best ?? best;
  }
  return { offsets: best, totalBytes: totalOf(items, best), lowerBound, optimal };
}

function meet(a: MemoryRequest, b: MemoryRequest): boolean {
  return a.first <= b.last && b.first <= a.last;
}

function peak(items: readonly Item[]): number {
  const live = (step: number) =>
    items.reduce((sum, item) => sum + (item.first <= step && step <= item.last ? item.size : 0), 0);
  return items.reduce((most, item) => Math.max(most, live(item.first)), 0);
}

function totalOf(items: readonly Item[], offsets: readonly number[]): number {
  return items.reduce((end, item) => Math.max(end, offsets[item.index] + item.size), 0);
}

function orders(items: readonly Item[]): Item[][] {
  const span = (item: Item) => item.last - item.first + 1;
  const keys: ((item: Item) => number)[] = [
    (item) => -item.size,
    (item) => -item.size * span(item),
    (item) => -span(item),
    (item) => item.last,
    (item) => -item.last,
  ];
  return keys.map((key) =>
    [...items].sort((a, b) => key(a) - key(b) || b.size - a.size || a.index - b.index),
  );
}

function firstFit(order: readonly Item[]): number[] {
  const offsets = new Array<number>(order.length).fill(0);
  const placed: Item[] = [];
  for (const item of order) {
    placed.sort((a, b) => offsets[a.index] - offsets[b.index]);
    offsets[item.index] = lowestGap(item, placed, offsets, 0);
    placed.push(item);
  }
  return offsets;
}

/** The lowest offset from `from` on where the item overlaps none of the placed ones, ascending by offset, that it meets. */
function lowestGap(item: Item, placed: readonly Item[], offsets: readonly number[], from: number): number {
  let offset = from;
  for (const other of placed) {
    if (!meet(item, other)) continue;
    const at = offsets[other.index];
    if (at >= offset + item.size) break;
    offset = Math.max(offset, at + other.size);
  }
  return offset;
}

/**
 * Some optimal plan arises by placing items in order of their offsets, each as low as those before it allow; so only
 * such sequences are tried.
 */
class PlacementSearch {
  best: number[] | undefined;
  readonly #items: readonly Item[];
  readonly #lowerBound: number;
  readonly #offsets: number[];
  readonly #placed: Item[] = [];
  #limit: number;
  #left = SEARCH_LIMIT;

  constructor(items: readonly Item[], lowerBound: number, limit: number) {
    this.#items = items;
    this.#lowerBound = lowerBound;
    this.#limit = limit;
    this.#offsets = new Array<number>(items.length).fill(0);
  }

  /** Whether the search came to its end, or met the lower bound. */
  run(): boolean {
    this.#place(new Set(this.#items), 0);
    return this.#left > 0 || this.#limit === this.#lowerBound;
  }

  #place(open: Set<Item>, from: number): void {
    if (open.size === 0) {
      this.#limit = totalOf(this.#items, this.#offsets);
      this.best = [...this.#offsets];
      return;
    }
    this.#left -= open.size * (1 + this.#placed.length);
    const candidates = [...open].map((item) => ({
      item,
      offset: lowestGap(item, this.#placed, this.#offsets, from),
    }));
    if (candidates.some(({ item, offset }) => offset + item.size >= this.#limit)) return;
    candidates.sort(
      (a, b) => a.offset - b.offset || b.item.size - a.item.size || a.item.index - b.item.index,
    );
    // Whatever is placed first lies below the end of every other candidate that it could have made room for.
    const ceiling = Math.min(...candidates.map(({ item, offset }) => offset + item.size));
    for (const { item, offset } of candidates) {
      if (offset >= ceiling || this.#left <= 0 || this.#limit === this.#lowerBound) return;
      this.#offsets[item.index] = offset;
      this.#placed.push(item);
      open.delete(item);
      this.#place(open, offset);
      open.add(item);
      this.#placed.pop();
    }
  }
}
