import { createRandom } from '@whittle/core';
import { expect, test } from 'vitest';
import { pixelOverlap, rowOverlap } from './row-overlap.js';

const plan = {
  batch: 1,
  inputHeight: 8,
  inputWidth: 4,
  inputChannels: 2,
  outputHeight: 8,
  outputWidth: 4,
  outputChannels: 2,
  kernelHeight: 3,
  kernelWidth: 3,
  strideHeight: 1,
  strideWidth: 1,
  padTop: 1,
  padLeft: 1,
};

const distance = (changes: Partial<typeof plan>, rows: number) =>
  rowOverlap({ ...plan, ...changes }, rows)[0]?.distance;

test('an output of the same size may lie on the input: a row below has been read', () => {
  expect(distance({}, 1)).toBe(0);
  expect(distance({}, 2)).toBe(0);
});

test('an output that grows faster must begin earlier', () => {
  // After two rows of 16 bytes three rows of 8 have been read; after six, seven.
  expect(distance({ outputChannels: 4 }, 2)).toBe(6 * 16 - 7 * 8);
});

test('several images are not told apart', () => {
  expect(rowOverlap({ ...plan, batch: 2 }, 2)).toEqual([]);
});

/** The least distance by going through all pixels: each one's outputs are written once its window is read. */
function leastDistance(p: typeof plan): number {
  const firstReads: number[] = [];
  for (let y = 0; y < p.outputHeight; y++)
    for (let x = 0; x < p.outputWidth; x++) {
      let first = Infinity;
      for (let ky = 0; ky < p.kernelHeight; ky++)
        for (let kx = 0; kx < p.kernelWidth; kx++) {
          const [row, column] = [y * p.strideHeight - p.padTop + ky, x * p.strideWidth - p.padLeft + kx];
          const inside = row >= 0 && row < p.inputHeight && column >= 0 && column < p.inputWidth;
          if (inside) first = Math.min(first, (row * p.inputWidth + column) * p.inputChannels);
        }
      firstReads.push(first);
    }
  let [distance, later] = [0, Infinity];
  for (let pixel = firstReads.length - 1; pixel >= 0; pixel--) {
    later = Math.min(later, firstReads[pixel]);
    distance = Math.max(distance, (pixel + 1) * p.outputChannels - later);
  }
  return distance;
}

test('pixel by pixel an output never lies on what is still read, and begins no earlier than it must', () => {
  const random = createRandom(1).at('overlap');
  const between = (low: number, high: number) => low + random.int(high - low + 1);
  let tight = 0;
  for (let i = 0; i < 500; i++) {
    const [kernelHeight, kernelWidth] = [between(1, 4), between(1, 4)];
    const [strideHeight, strideWidth] = [between(1, 3), between(1, 3)];
    const [inputHeight, inputWidth] = [between(1, 9), between(1, 9)];
    const [padTop, padLeft] = [between(0, kernelHeight - 1), between(0, kernelWidth - 1)];
    const drawn = {
      ...plan,
      inputHeight,
      inputWidth,
      inputChannels: between(1, 4),
      outputHeight: Math.floor((inputHeight + padTop - 1) / strideHeight) + 1,
      outputWidth: Math.floor((inputWidth + padLeft - 1) / strideWidth) + 1,
      outputChannels: between(1, 4),
      kernelHeight,
      kernelWidth,
      strideHeight,
      strideWidth,
      padTop,
      padLeft,
    };
    const [{ distance: found }] = pixelOverlap(drawn, 2);
    const least = 2 * leastDistance(drawn);
    expect(found).toBeGreaterThanOrEqual(least);
    if (found === least) tight++;
  }
  expect(tight).toBeGreaterThan(400);
});
