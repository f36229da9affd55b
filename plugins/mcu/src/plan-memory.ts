import { meet, PlacementSearch } from './placement-search.js';
import type { PlacedItem } from './placement-search.js';

/** Something that needs memory during a stretch of steps, both ends included. */
export interface MemoryRequest {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Leave for one request to overlap another, though a step needs both: it must start `distance` bytes before it, or more. */
export interface AllowedOverlap {
  /** Index of the request that starts first. */
  readonly lower: number;
  readonly upper: number;
  readonly distance: number;
}

export interface MemoryPlan {
  /** Byte offset of each request. */
  readonly offsets: readonly number[];
  readonly totalBytes: number;
  /** What no plan can go below: the most that is needed at one step, of which overlaps may save a part. */
  readonly lowerBound: number;
  /** Whether `totalBytes` is proven to be the least possible. */
  readonly optimal: boolean;
}

/** Its size are the request's bytes, rounded up to the alignment. */
type Item = PlacedItem;

/**
 * Lays out requests so that those that are needed at a common step don't overlap: several first-fit orders, then, unless
 * one meets the lower bound, branch and bound over which of two lies below the other. Deterministic.
 */
export function planMemory(
  requests: readonly MemoryRequest[],
  alignment: number,
  overlaps: readonly AllowedOverlap[] = [],
): MemoryPlan {
  const items = itemsOf(requests, alignment, overlaps);
  const [first, last] = [
    Math.min(...items.map((item) => item.first)),
    Math.max(...items.map((item) => item.last)),
  ];
  const lowerBound = Math.max(0, ...needsOf(items, first, last));
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

/** What each of the steps 0 to `steps` - 1 needs at least: the most of them is what no plan can go below. */
export function leastMemory(
  requests: readonly MemoryRequest[],
  alignment: number,
  overlaps: readonly AllowedOverlap[],
  steps: number,
): number[] {
  return needsOf(itemsOf(requests, alignment, overlaps), 0, steps - 1);
}

function itemsOf(
  requests: readonly MemoryRequest[],
  alignment: number,
  overlaps: readonly AllowedOverlap[],
): Item[] {
  const roundUp = (bytes: number) => Math.ceil(bytes / alignment) * alignment;
  const below = requests.map(() => new Map<number, number>());
  for (const { lower, upper, distance } of overlaps) below[lower].set(upper, roundUp(distance));
  return requests.map((request, index): Item => ({
    ...request,
    index,
    size: roundUp(request.bytes),
    below: below[index],
  }));
}

/**
 * What each of the steps from `from` to `to` needs; an item that may overlap others counts without what these can share
 * with it.
 */
function needsOf(items: readonly Item[], from: number, to: number): number[] {
  const sums = new Array<number>(Math.max(0, to - from + 1)).fill(0);
  const largest = [...sums];
  for (const item of items)
    for (let step = Math.max(item.first, from); step <= Math.min(item.last, to); step++) {
      let own = item.size;
      for (const upper of item.below.keys()) {
        const other = items[upper];
        if (other.first <= step && step <= other.last) own -= sharedBytes(item, other);
      }
      sums[step - from] += Math.max(0, own);
      largest[step - from] = Math.max(largest[step - from], item.size);
    }
  return sums.map((sum, i) => Math.max(sum, largest[i]));
}

/** The most bytes of `upper` that may lie on `lower`. */
function sharedBytes(lower: Item, upper: Item): number {
  const distance = lower.below.get(upper.index);
  return distance === undefined ? 0 : Math.max(0, Math.min(lower.size - distance, upper.size));
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
  // An allowed overlap lets the item stand before the end of one that an earlier check has passed over, so start again.
  for (let moved = true; moved;) {
    moved = false;
    for (const other of placed) {
      if (!meet(item, other)) continue;
      const at = offsets[other.index];
      if (isClear(item, offset, other, at)) continue;
      offset = upperEnd(item, other, at);
      moved = true;
    }
  }
  return offset;
}

/** Whether two items that meet may lie at these offsets. */
function isClear(a: Item, aOffset: number, b: Item, bOffset: number): boolean {
  if (aOffset + a.size <= bOffset || bOffset + b.size <= aOffset) return true;
  const aBelow = a.below.get(b.index);
  if (aBelow !== undefined && aOffset + aBelow <= bOffset) return true;
  const bBelow = b.below.get(a.index);
  return bBelow !== undefined && bOffset + bBelow <= aOffset;
}

/** The lowest offset for an item from which on it is clear of another that lies at `at`, wherever it goes. */
function upperEnd(item: Item, other: Item, at: number): number {
  const distance = other.below.get(item.index);
  return at + Math.min(other.size, distance ?? other.size);
}
