import { expect, test } from 'vitest';
import { rowOverlap } from './row-overlap.js';

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
