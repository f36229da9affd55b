import { expect, test } from 'vitest';
import { phasesOf } from './phases.js';

test.each([
  [3, 1, 1, 7],
  [3, 2, 0, 8],
  [4, 2, 1, 8],
  [5, 2, 2, 7],
  [2, 3, 0, 8],
  [3, 3, 1, 7],
  [1, 4, 0, 5],
  [5, 4, 2, 9],
])(
  'kernel %i, stride %i, padding %i, %i outputs: each output reads its inputs once',
  (kernel, stride, pad, outputs) => {
    const found = new Map<number, string[]>();
    const phases = phasesOf(outputs, kernel, stride, pad);
    for (const { start, count, taps, before } of phases) {
      expect(before).toBeGreaterThanOrEqual(0);
      for (let j = 0; j < count; j++) {
        const reads = taps.flatMap((tap, i) => (tap === undefined ? [] : [`${tap} of ${j - before + i}`]));
        expect(found.has(start + j * stride)).toBe(false);
        found.set(start + j * stride, reads.sort());
      }
    }
    const expected = new Map<number, string[]>();
    for (let o = 0; o < outputs; o++) {
      const reads = Array.from({ length: kernel }, (_, k) => k).filter((k) => (o + pad - k) % stride === 0);
      expected.set(o, reads.map((k) => `${k} of ${(o + pad - k) / stride}`).sort());
    }
    expect([...found].sort(([a], [b]) => a - b)).toEqual([...expected]);
  },
);

test('kernels as large as the stride or larger, in even images, keep their weights', () => {
  for (const [kernel, stride, pad, outputs] of [
    [2, 2, 0, 8],
    [3, 2, 0, 8],
    [4, 2, 1, 8],
    [8, 4, 2, 16],
  ]) {
    const taps = phasesOf(outputs, kernel, stride, pad).flatMap((phase) => phase.taps);
    expect(taps.sort()).toEqual(Array.from({ length: kernel }, (_, k) => k));
  }
});
