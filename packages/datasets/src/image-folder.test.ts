import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleAt } from './dataset.js';
import { loadImageFolder } from './image-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whittle-images-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function png(name: string, colour: { r: number; g: number; b: number; alpha?: number }): Promise<void> {
  await mkdir(join(folder, name, '..'), { recursive: true });
  const channels = colour.alpha === undefined ? 3 : 4;
  await sharp({ create: { width: 6, height: 4, channels, background: colour } })
    .png()
    .toFile(join(folder, name));
}

describe('loadImageFolder', () => {
  it('makes a class of each folder, in order of names', async () => {
    await png('red/b.png', { r: 200, g: 0, b: 0 });
    await png('red/a.png', { r: 100, g: 0, b: 0 });
    await png('blue/x.png', { r: 0, g: 0, b: 255 });
    await writeFile(join(folder, 'red', 'notes.txt'), 'not an image');
    await mkdir(join(folder, '.hidden'));
    const dataset = await loadImageFolder(folder, { size: [2, 2] });
    expect(dataset.labelNames).toEqual(['blue', 'red']);
    expect(Array.from(dataset.labels)).toEqual([0, 1, 1]);
    expect(dataset.shape).toEqual([2, 2, 3]);
    expect([0, 1, 2].map((i) => Array.from(exampleAt(dataset, i).subarray(0, 3)))).toEqual([
      [0, 0, 255],
      [100, 0, 0],
      [200, 0, 0],
    ]);
  });

  it('reads grey, and lays transparent pixels on black', async () => {
    await png('a/grey.png', { r: 128, g: 128, b: 128 });
    await png('a/nothing.png', { r: 255, g: 255, b: 255, alpha: 0 });
    const dataset = await loadImageFolder(folder, { size: [1, 1], channels: 1 });
    expect(dataset.shape).toEqual([1, 1, 1]);
    expect(Array.from(dataset.inputs)).toEqual([128, 0]);
  });

  it('crops at the centre unless told to stretch', async () => {
    const left = Buffer.alloc(2 * 4 * 3, 0);
    for (let pixel = 0; pixel < 8; pixel++) left[pixel * 3] = pixel % 4 === 0 ? 255 : 0;
    await mkdir(join(folder, 'a'));
    await sharp(left, { raw: { width: 4, height: 2, channels: 3 } })
      .png()
      .toFile(join(folder, 'a', 'left.png'));
    const cropped = await loadImageFolder(folder, { size: [2, 2] });
    const stretched = await loadImageFolder(folder, { size: [2, 4], fit: 'fill' });
    expect(Math.max(...cropped.inputs)).toBeLessThan(20);
    expect(Array.from(stretched.inputs)).toEqual(Array.from(left));
  });

  it('refuses folders without classes, classes without images, broken images', async () => {
    await expect(loadImageFolder(folder, { size: [2, 2] })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
    });
    await mkdir(join(folder, 'empty'));
    await expect(loadImageFolder(folder, { size: [2, 2] })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
    });
    await writeFile(join(folder, 'empty', 'broken.png'), 'PNG?');
    await expect(loadImageFolder(folder, { size: [2, 2] })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringContaining('broken.png'),
    });
    await expect(loadImageFolder(join(folder, 'no'), { size: [2, 2] })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
    await expect(loadImageFolder(folder, { size: [0, 2] })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});
