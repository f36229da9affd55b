import { expect, test } from 'vitest';
import { blockingOf } from './conv-blocking.js';

/** 3x3 windows of 32 channels, and pixels of 64 channels. */
const windows = [
  { units: 48, taps: 3, most: 12, tiles: 64, canPack: true },
  { units: 32, taps: 1, most: 12, tiles: 64, canPack: true },
];

test('where flash comes first, blocks are short, but not so that their ends show', () => {
  const steps = (optimize: 'speed' | 'flash') =>
    windows
      .map((window) => blockingOf(window, optimize))
      .map(({ blocks, blockUnits }) => [blocks, blockUnits]);
  expect(steps('flash')).toEqual([
    [48, 1],
    [16, 2],
  ]);
  expect(steps('speed')).toEqual([
    [12, 4],
    [4, 8],
  ]);
});

test('windows are covered, whatever their length', () => {
  for (let units = 1; units <= 40; units++)
    for (const taps of [1, 2, 3, 5])
      for (const optimize of ['speed', 'ram', 'flash'] as const) {
        const window = { units, taps, most: 12, tiles: 8, canPack: true };
        const { blocks, blockUnits, packed } = blockingOf(window, optimize);
        expect(blocks * blockUnits).toBeGreaterThanOrEqual(units);
        expect((blocks - 1) * blockUnits).toBeLessThan(units);
        if (packed) expect(blocks * blockUnits).toBe(units);
      }
});
