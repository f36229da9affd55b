import { createRandom } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { flipHorizontal, padCrop, shift } from './augmentation.js';
import type { Augmentation } from './augmentation.js';

const IMAGE = Uint8Array.of(1, 2, 3, 4, 5, 6);
const SHAPE = [2, 3, 1];

function apply(change: Augmentation, example: number, image = IMAGE, shape = SHAPE): number[] {
  const to = new Uint8Array(image.length).fill(99);
  change(image, to, shape, createRandom(0).at('augment', 0, example));
  return Array.from(to);
}

describe('augmentations', () => {
  it('shifts by each amount about as often, filling what comes in', () => {
    const counts = new Map<string, number>();
    for (let example = 0; example < 900; example++) {
      const key = apply(shift({ rows: 1, columns: 1, fill: 7 }), example).join(' ');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(9);
    expect([...counts.keys()]).toEqual(
      expect.arrayContaining(['1 2 3 4 5 6', '7 7 7 7 1 2', '5 6 7 7 7 7', '2 3 7 5 6 7', '4 5 6 7 7 7']),
    );
    expect(Math.min(...counts.values())).toBeGreaterThan(60);
  });

  it('leaves nothing where an image is shifted out of sight', () => {
    const seen = new Set(
      Array.from({ length: 200 }, (_, i) => apply(shift({ rows: 0, columns: 5 }), i).join(' ')),
    );
    expect(seen).toContain('0 0 0 0 0 0');
    expect(seen.size).toBe(6);
  });

  it('crops a padded image: the same as a shift', () => {
    for (let example = 0; example < 20; example++)
      expect(apply(padCrop(2), example)).toEqual(apply(shift({ rows: 2, columns: 2 }), example));
  });

  it('mirrors pixels, not channels', () => {
    expect(apply(flipHorizontal(1), 0)).toEqual([3, 2, 1, 6, 5, 4]);
    expect(apply(flipHorizontal(1), 0, IMAGE, [1, 2, 3])).toEqual([4, 5, 6, 1, 2, 3]);
    expect(apply(flipHorizontal(0), 0)).toEqual(Array.from(IMAGE));
    const flipped = Array.from({ length: 1000 }, (_, i) => apply(flipHorizontal(), i)[0] === 3);
    expect(flipped.filter(Boolean).length / 1000).toBeCloseTo(0.5, 1);
  });

  it('refuses wrong options, and examples that are not images', () => {
    const invalid = expect.objectContaining({ code: 'OPTION_INVALID' });
    expect(() => shift({ rows: -1, columns: 0 })).toThrow(invalid);
    expect(() => flipHorizontal(1.5)).toThrow(invalid);
    expect(() => apply(padCrop(1), 0, IMAGE, [6])).toThrow(invalid);
  });
});
