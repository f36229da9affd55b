import { expect, test } from 'vitest';
import { IndexSet } from './index-set.js';

test('indices are there once, in order, however large', () => {
  const set = new IndexSet([300, 2, 2, 64]);
  set.add(63);
  expect([...set]).toEqual([2, 63, 64, 300]);
  expect(set.size).toBe(4);
  expect([2, 3, 300, 301, 100_000].map((index) => set.has(index))).toEqual([true, false, true, false, false]);
});

test('the others are those below an extent', () => {
  expect([...new IndexSet([0, 3, 9]).others(5)]).toEqual([1, 2, 4]);
  expect([...new IndexSet().others(200)]).toHaveLength(200);
});
