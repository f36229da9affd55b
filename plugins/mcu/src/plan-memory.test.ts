import { describe, expect, test } from 'vitest';
import { pseudoRandom } from './integer-network.fixture.js';
import { planMemory } from './plan-memory.js';
import type { AllowedOverlap, MemoryPlan, MemoryRequest } from './plan-memory.js';

function randomRequests(seed: number, count: number): MemoryRequest[] {
  const next = pseudoRandom(seed);
  return Array.from({ length: count }, () => {
    const first = (next() + 128) % 6;
    return { bytes: 1 + ((next() + 128) % 40), first, last: first + ((next() + 128) % 4) };
  });
}

function overlaps(requests: readonly MemoryRequest[], { offsets }: MemoryPlan): boolean {
  return requests.some((a, i) =>
    requests.some(
      (b, j) =>
        j < i &&
        a.first <= b.last &&
        b.first <= a.last &&
        offsets[i] < offsets[j] + b.bytes &&
        offsets[j] < offsets[i] + a.bytes,
    ),
  );
}

/** The least total over all orders of first fit, which some optimal plan is among. */
function exhaustive(requests: readonly MemoryRequest[]): number {
  let best = Infinity;
  const offsets = new Map<MemoryRequest, number>();
  const place = (open: readonly MemoryRequest[], total: number): void => {
    if (total >= best) return;
    if (open.length === 0) best = total;
    for (const request of open) {
      let offset = 0;
      const others = [...offsets]
        .filter(([other]) => request.first <= other.last && other.first <= request.last)
        .sort(([, a], [, b]) => a - b);
      for (const [other, at] of others) {
        if (at >= offset + request.bytes) break;
        offset = Math.max(offset, at + other.bytes);
      }
      offsets.set(request, offset);
      place(
        open.filter((each) => each !== request),
        Math.max(total, offset + request.bytes),
      );
      offsets.delete(request);
    }
  };
  place(requests, 0);
  return best;
}

describe('planMemory', () => {
  test('is optimal, and says so, on everything that trying all orders can check', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const requests = randomRequests(seed, 7);
      const plan = planMemory(requests, 1);
      expect(overlaps(requests, plan), `seed ${seed}`).toBe(false);
      expect(plan.totalBytes, `seed ${seed}`).toBe(exhaustive(requests));
      expect(plan.optimal).toBe(true);
    }
  });

  test('beats first fit by size where that leaves a hole', () => {
    // A waits between two that need its place: sizes alone put the largest at the bottom.
    const requests = [
      { bytes: 4, first: 0, last: 1 },
      { bytes: 4, first: 1, last: 2 },
      { bytes: 5, first: 2, last: 3 },
      { bytes: 3, first: 0, last: 0 },
    ];
    const plan = planMemory(requests, 1);
    expect(plan).toMatchObject({ totalBytes: 9, lowerBound: 9, optimal: true });
  });

  test('keeps large sets free of overlaps, aligned, and near the lower bound', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const requests = randomRequests(seed, 120);
      const plan = planMemory(requests, 4);
      expect(overlaps(requests, plan)).toBe(false);
      expect(plan.offsets.every((offset) => offset % 4 === 0)).toBe(true);
      expect(plan.totalBytes).toBeLessThanOrEqual(plan.lowerBound * 1.1);
    }
  });

  test('is the same every time, and empty for nothing', () => {
    const requests = randomRequests(9, 40);
    expect(planMemory(requests, 4)).toEqual(planMemory(requests, 4));
    expect(planMemory([], 4)).toEqual({ offsets: [], totalBytes: 0, lowerBound: 0, optimal: true });
  });
});

describe('planMemory with allowed overlaps', () => {
  /** The least total over all offsets. */
  function exhaustiveOffsets(
    requests: readonly MemoryRequest[],
    overlaps: readonly AllowedOverlap[],
    limit: number,
  ): number {
    let best = limit + 1;
    const offsets: number[] = [];
    const place = (i: number, total: number): void => {
      if (total >= best) return;
      if (i === requests.length) best = total;
      else
        for (let offset = 0; offset + requests[i].bytes < best; offset++) {
          offsets[i] = offset;
          if (requests.slice(0, i).every((_, j) => isAllowed(requests, overlaps, offsets, i, j)))
            place(i + 1, Math.max(total, offset + requests[i].bytes));
        }
    };
    place(0, 0);
    return best;
  }

  function isAllowed(
    requests: readonly MemoryRequest[],
    overlaps: readonly AllowedOverlap[],
    offsets: readonly number[],
    i: number,
    j: number,
  ): boolean {
    const [a, b] = [requests[i], requests[j]];
    if (a.first > b.last || b.first > a.last) return true;
    if (offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i]) return true;
    return overlaps.some(
      ({ lower, upper, distance }) =>
        [i, j].includes(lower) && [i, j].includes(upper) && offsets[lower] + distance <= offsets[upper],
    );
  }

  test('is valid, and as small as trying all offsets finds', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const next = pseudoRandom(seed);
      // A chain of values with the value before each that it may overlap, and scratch here and there.
      const requests = Array.from({ length: 5 }, (_, step) => ({
        bytes: 1 + ((next() + 128) % 7),
        first: step,
        last: step + 1 + ((next() + 128) % 2),
      }));
      const overlaps = requests
        .slice(1)
        .flatMap((request, i) =>
          requests[i].last === request.first
            ? [{ lower: i + 1, upper: i, distance: (next() + 128) % 4 }]
            : [],
        );
      const plan = planMemory(requests, 1, overlaps);
      for (let i = 0; i < requests.length; i++)
        for (let j = 0; j < i; j++)
          expect(isAllowed(requests, overlaps, plan.offsets, i, j), `seed ${seed}`).toBe(true);
      expect(plan.totalBytes, `seed ${seed}`).toBe(exhaustiveOffsets(requests, overlaps, plan.totalBytes));
      expect(plan.lowerBound).toBeLessThanOrEqual(plan.totalBytes);
    }
  });

  test('proves a long chain, each of which must start before the last one, optimal above the lower bound', () => {
    const count = 12;
    const requests = Array.from({ length: count }, (_, step) => ({
      bytes: 8000,
      first: step,
      last: step + 1,
    }));
    const scratch = requests.map(({ last }) => ({ bytes: 400, first: last, last }));
    const overlaps = requests.slice(1).map((_, i) => ({ lower: i + 1, upper: i, distance: 100 }));
    const plan = planMemory([...requests, ...scratch], 4, overlaps);
    // The chain comes down from its 11 distances; at every step there is room for scratch above or below it.
    expect(plan).toMatchObject({ totalBytes: 8000 + 11 * 100, lowerBound: 8500, optimal: true });
  });
});
