import { createRandom } from '@whittle/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { flipHorizontal, padCrop, shift } from './augmentation.js';
import { batches } from './batches.js';
import type { DatasetBatches } from './batches.js';
import type { Dataset } from './dataset.js';
import { subset } from './dataset.js';
import { loadDigits } from './digits.js';
import { fromArrays } from './from-arrays.js';
import { toTensor } from './to-tensor.js';

let digits: Dataset;
beforeAll(async () => {
  const all = await loadDigits();
  digits = subset(
    all,
    Array.from({ length: 50 }, (_, i) => i * 199),
  );
});

const random = createRandom(11);
const epochOf = (source: DatasetBatches, epoch: number) => [...source.batches({ random, epoch })];

describe('batches', () => {
  it('gives every example once, preprocessed, in order', () => {
    const source = batches(digits, { batchSize: 16 });
    const all = epochOf(source, 0);
    expect([source.examples, source.count]).toEqual([50, 4]);
    expect(all.map(({ labels }) => labels.shape[0])).toEqual([16, 16, 16, 2]);
    expect(all[0].inputs[0]).toEqual(
      toTensor(
        digits,
        Array.from({ length: 16 }, (_, i) => i),
      ),
    );
    expect(all.flatMap(({ labels }) => Array.from(labels.data as Int32Array))).toEqual(
      Array.from(digits.labels),
    );
  });

  it('leaves out a last batch that is not full', () => {
    const source = batches(digits, { batchSize: 16, dropLast: true });
    expect([source.examples, source.count, epochOf(source, 0).length]).toEqual([48, 3, 3]);
  });

  it('gives an epoch the same batches whatever was drawn before', () => {
    const options = { batchSize: 16, shuffle: true, augment: [padCrop(2), flipHorizontal()] };
    const source = batches(digits, options);
    const [first, second] = [epochOf(source, 0), epochOf(source, 1)];
    expect(second).not.toEqual(first);
    expect(epochOf(batches(digits, options), 1)).toEqual(second);
    expect(epochOf(source, 0)).toEqual(first);
  });

  it('augments an example alike in batches of any size', () => {
    const augment = [shift({ rows: 3, columns: 3 })];
    const pixels = (batchSize: number) =>
      epochOf(batches(digits, { batchSize, augment }), 2).flatMap(({ inputs }) =>
        Array.from(inputs[0].data as Float32Array),
      );
    expect(pixels(7)).toEqual(pixels(50));
  });

  it('shuffles all examples', () => {
    const numbered = fromArrays({
      shape: [1],
      inputs: Array.from({ length: 100 }, (_, i) => i),
      labels: new Int32Array(100),
    });
    const order = epochOf(batches(numbered, { batchSize: 9, shuffle: true }), 0).flatMap(({ inputs }) =>
      Array.from(inputs[0].data as Float32Array),
    );
    expect(order).not.toEqual(Array.from(numbered.inputs));
    expect(order.sort((a, b) => a - b)).toEqual(Array.from(numbered.inputs));
  });

  it('refuses batches of nothing', () => {
    for (const options of [{ batchSize: 0 }, { batchSize: 1.5 }, { batchSize: 51, dropLast: true }])
      expect(() => batches(digits, options)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(() => batches(subset(digits, []), { batchSize: 1 })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
