import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadIdx } from './load-idx.js';

const IMAGES = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const LABELS = [0, 0, 8, 1, 0, 0, 0, 2, 9, 0];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whittle-idx-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, bytes: readonly number[] | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Uint8Array.from(bytes));
  return path;
}

describe('loadIdx', () => {
  it('reads a folder of files named as those of MNIST, plain or gzip', async () => {
    await write('t10k-images-idx3-ubyte.gz', gzipSync(Uint8Array.from(IMAGES)));
    await write('t10k-labels-idx1-ubyte', LABELS);
    const dataset = await loadIdx({ folder, part: 'test' }, { name: 'tiny' });
    expect(dataset).toMatchObject({ name: 'tiny', count: 2, shape: [2, 3, 1] });
    expect(Array.from(dataset.inputs)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(Array.from(dataset.labels)).toEqual([9, 0]);
  });

  it.each([
    ['a missing file', 'FILE_UNREADABLE', undefined, LABELS],
    ['an empty file', 'DATASET_INVALID', [], LABELS],
    ['labels in place of images', 'DATASET_INVALID', LABELS, LABELS],
    ['floats in place of bytes', 'DATASET_INVALID', [0, 0, 13, ...IMAGES.slice(3)], LABELS],
    ['a header cut short', 'DATASET_INVALID', IMAGES.slice(0, 9), LABELS],
    ['data cut short', 'DATASET_INVALID', IMAGES.slice(0, -1), LABELS],
    ['bytes left over', 'DATASET_INVALID', [...IMAGES, 0], LABELS],
    ['gzip cut short', 'DATASET_INVALID', gzipSync(Uint8Array.from(IMAGES)).subarray(0, 20), LABELS],
    ['fewer labels than images', 'DATASET_INVALID', IMAGES, [0, 0, 8, 1, 0, 0, 0, 1, 9]],
    ['a label without a name', 'DATASET_INVALID', IMAGES, [...LABELS.slice(0, -1), 10]],
  ])('refuses %s', async (_, code, images, labels) => {
    const files = {
      images: images ? await write('images', images) : join(folder, 'nowhere'),
      labels: await write('labels', labels),
    };
    await expect(loadIdx(files)).rejects.toMatchObject({ code });
  });

  it('says which file a folder lacks', async () => {
    await expect(loadIdx({ folder, part: 'train' })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining('train-images-idx3-ubyte'),
    });
  });
});
