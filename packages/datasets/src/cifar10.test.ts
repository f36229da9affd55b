import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCifar10 } from './cifar10.js';
import { measureStandardization } from './preprocess.js';

const EXCERPT = fileURLToPath(new URL('../../../../shared/data/cifar10-lossless', import.meta.url));
const absent = !existsSync(EXCERPT);

/** A record whose red, green and blue planes start with 1, 2 and 3. */
function record(label: number): Uint8Array {
  const bytes = new Uint8Array(3073);
  bytes[0] = label;
  [1, 2, 3].forEach((value, plane) => (bytes[1 + plane * 1024] = value));
  return bytes;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whittle-cifar-'));
});
afterEach(() => rm(folder, { recursive: true }));
const write = (name: string, bytes: Uint8Array) => writeFile(join(folder, name), bytes);

describe('loadCifar10', () => {
  it('reads batches in order of their numbers and interleaves planes', async () => {
    for (let number = 1; number <= 10; number++)
      await write(`data_batch_${number}.bin`, Buffer.concat([record(number - 1), record(0)]));
    const dataset = await loadCifar10(folder, { part: 'train' });
    expect(Array.from(dataset.labels)).toEqual([0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9, 0]);
    expect(dataset.shape).toEqual([32, 32, 3]);
    expect(Array.from(dataset.inputs.subarray(0, 6))).toEqual([1, 2, 3, 0, 0, 0]);
  });

  it('refuses a gap between batches', async () => {
    await write('data_batch_1.bin', record(0));
    await write('data_batch_3.bin', record(0));
    await expect(loadCifar10(folder, { part: 'train' })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringContaining('number 2 is missing'),
    });
  });

  it.each([
    ['a record cut short', record(1).subarray(0, 3000)],
    ['nothing in it', new Uint8Array(0)],
    ['a label beyond 9', record(10)],
  ])('refuses a batch with %s', async (_, bytes) => {
    await write('test_batch.bin', bytes);
    await expect(loadCifar10(folder, { part: 'test' })).rejects.toMatchObject({ code: 'DATASET_INVALID' });
  });

  it('refuses a folder without batches, and one that does not exist', async () => {
    await expect(loadCifar10(folder, { part: 'train' })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(loadCifar10(join(folder, 'no'), { part: 'train' })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
    await expect(loadCifar10(folder, { part: 'test' })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it.skipIf(absent)(
    `reads an excerpt as published${absent ? ' (no excerpt beside the repository)' : ''}`,
    async () => {
      const [train, test] = await Promise.all([
        loadCifar10(EXCERPT, { part: 'train' }),
        loadCifar10(EXCERPT, { part: 'test' }),
      ]);
      expect([train.count, test.count]).toEqual([4000, 1000]);
      expect(new Set(test.labels).size).toBe(10);
      const { mean } = measureStandardization(train);
      [125.36, 122.85, 113.39].forEach((value, c) => expect(mean[c]).toBeCloseTo(value, 2));
    },
  );
});
