import { expect, test } from 'vitest';
import { createRandom } from '@whittle/core';
import { searchCount } from './search-count.js';

/** Figures that fall with the count, by steps that are drawn. */
function fallingFigures(seed: number): number[] {
  const draw = createRandom(seed).at('figures');
  const steps = Array.from({ length: 1 + draw.int(400) }, () => (draw.int(3) === 0 ? 0 : draw.float() ** 4));
  let figure = 1 + steps.reduce((a, b) => a + b, 0);
  return [figure, ...steps.map((step) => (figure -= step))];
}

test.each(Array.from({ length: 50 }, (_, seed) => seed))(
  'the least count under a limit, seed %d',
  async (seed) => {
    const figures = fallingFigures(seed);
    const limit = figures[Math.floor(figures.length * createRandom(seed).at('limit').float())] * 1.0001;
    let attempts = 0;
    const found = await searchCount(figures.length - 1, limit, 0, (count) => {
      attempts++;
      return Promise.resolve({ count, figure: figures[count] });
    });
    // Among equals any will do.
    expect(found!.figure).toBe(figures.find((figure) => figure <= limit));
    expect(attempts).toBeLessThanOrEqual(2 + 2 * Math.ceil(Math.log2(figures.length)));
  },
);

test('a tolerance spares attempts, and its result is within it', async () => {
  let attempts = 0;
  const found = await searchCount(10_000, 5000, 0.01, (count) => {
    attempts++;
    return Promise.resolve({ figure: 10_000 - count ** 2 / 10_000 });
  });
  expect(found!.figure).toBeLessThanOrEqual(5000);
  expect(found!.figure).toBeGreaterThanOrEqual(4950);
  expect(attempts).toBeLessThanOrEqual(7);
});

test('no count is under the limit, or none is needed', async () => {
  expect(await searchCount(10, 1, 0, (count) => Promise.resolve({ figure: 20 - count }))).toBeUndefined();
  expect((await searchCount(10, 20, 0, (count) => Promise.resolve({ figure: 20 - count })))!.figure).toBe(20);
});

test('figures that rise and fall still end under the limit', async () => {
  const figures = [9, 8, 9, 7, 8, 5, 6, 3, 4, 2];
  const found = await searchCount(9, 6, 0, (count) => Promise.resolve({ figure: figures[count] }));
  expect(found!.figure).toBeLessThanOrEqual(7);
});
