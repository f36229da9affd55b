import { expect, it } from 'vitest';
import { timeSlice } from './time-slice.js';

function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it('lets a timer stop a long computation', async () => {
  const controller = new AbortController();
  const breathe = timeSlice(controller.signal);
  setTimeout(() => controller.abort());
  let steps = 0;
  const compute = async () => {
    for (; steps < 1000; steps++) {
      work(10);
      await breathe();
    }
  };
  await expect(compute()).rejects.toMatchObject({ code: 'ABORTED' });
  expect(steps).toBeLessThan(100);
});
