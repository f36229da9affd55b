import { describe, expect, it } from 'vitest';
import { hasFashionMnist, loadFashionMnist } from './fashion-mnist.js';
import { toTensor } from './to-tensor.js';

const skip = !hasFashionMnist() && process.env.CI !== 'true';

describe('loadFashionMnist', () => {
  it.skipIf(skip)(
    `reads both parts${skip ? ' (Debian package dataset-fashion-mnist is not installed)' : ''}`,
    async () => {
      const test = await loadFashionMnist({ part: 'test' });
      const train = await loadFashionMnist({ part: 'train' });
      expect([train.count, test.count]).toEqual([60_000, 10_000]);
      for (const { labels, labelNames } of [train, test])
        for (let label = 0; label < 10; label++)
          expect(labels.filter((l) => l === label).length, labelNames[label]).toBe(labels.length / 10);
      const mean = toTensor(train).data.reduce((sum, value) => sum + value, 0) / train.inputs.length;
      expect(mean).toBeCloseTo(0.286, 3);
    },
  );

  it('names the package where it is not installed', async () => {
    await expect(loadFashionMnist({ part: 'train', folder: '/nowhere' })).rejects.toMatchObject({
      code: 'DATASET_UNAVAILABLE',
      message: expect.stringContaining('dataset-fashion-mnist'),
    });
  });
});
