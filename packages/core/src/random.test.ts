import { expect, test } from 'vitest';
import { createRandom } from './random.js';

test('draws depend on the counters alone', () => {
  const random = createRandom(1);
  const first = Array.from(
    { length: 5 },
    (
      (s) => () =>
        s.float()
    )(random.at('a', 2, 3)),
  );
  random.at('b').float();
  expect(
    Array.from(
      { length: 5 },
      (
        (s) => () =>
          s.float()
      )(createRandom(1).at('a', 2, 3)),
    ),
  ).toEqual(first);
  const others = [
    createRandom(2).at('a', 2, 3),
    random.at('b', 2, 3),
    random.at('a', 3, 2),
    random.at('a', 2, 4),
  ].map((s) => s.float());
  expect(new Set([first[0], ...others]).size).toBe(5);
});

test('distributions have the moments that they claim', () => {
  const stream = createRandom(9).at('moments');
  const count = 20_000;
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  const uniform = Array.from({ length: count }, () => stream.float());
  const normal = Array.from({ length: count }, () => stream.normal());
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...uniform)).toBeLessThan(1);
  expect(mean(uniform)).toBeCloseTo(0.5, 1);
  expect(mean(normal)).toBeCloseTo(0, 1);
  expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1);
  const order = stream.permutation(100);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect([...order]).not.toEqual([...order].sort((a, b) => a - b));
});

test('arrays filled at once are normal, in the tails too, and the same for the same counters', () => {
  const count = 400_000;
  const data = new Float32Array(count);
  createRandom(3).at('array').fillNormal(data, 2);
  // Phi(x): within four standard errors of the share.
  for (const [x, phi] of [
    [-3.5, 0.000232629],
    [-2, 0.022750132],
    [-0.3, 0.382088578],
    [0, 0.5],
    [1, 0.841344746],
    [2.5, 0.993790335],
  ]) {
    const share = data.reduce((below, value) => below + (value / 2 < x ? 1 : 0), 0) / count;
    expect(Math.abs(share - phi)).toBeLessThan(4 * Math.sqrt((phi * (1 - phi)) / count));
  }
  const product = data.subarray(1).reduce((sum, x, i) => sum + x * data[i], 0) / (4 * count);
  expect(Math.abs(product)).toBeLessThan(4 / Math.sqrt(count));
  const again = new Float32Array(count);
  createRandom(3).at('array').fillNormal(again, 2);
  expect(again.every((value, i) => value === data[i])).toBe(true);
});
