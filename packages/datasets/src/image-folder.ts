import { readdir } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import type { Preprocess } from '@whittle/core';
import type { Sharp } from 'sharp';
import { createDataset } from './dataset.js';
import type { Dataset } from './dataset.js';
import { datasetError, expectData, expectInteger } from './errors.js';
import { unitBytes } from './preprocess.js';
import { messageOf } from './read-bytes.js';

const EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.gif', '.tif', '.tiff']);
/** Images decoded at one time. */
const CONCURRENT = 8;

export interface ImageFolderOptions {
  /** Height and width of the examples. */
  readonly size: readonly [number, number];
  /** 1 for grey, 3 for colour (sRGB); 3 unless told. Transparent pixels are laid on black. */
  readonly channels?: 1 | 3;
  /** 'cover' keeps the proportions and crops at the centre, 'fill' stretches; 'cover' unless told. */
  readonly fit?: 'cover' | 'fill';
  /** The folder's name unless told. */
  readonly name?: string;
  /** Bytes become 0 to 1 unless told. */
  readonly preprocess?: Preprocess;
}

interface ImageFile {
  readonly path: string;
  readonly label: number;
}

/**
 * Images in folders, a folder a class: classes and files in order of their names, hidden ones left out, other files than
 * JPEG, PNG, WebP, GIF and TIFF as well. Images are turned as their EXIF data says and resized to `size`.
 * @throws FILE_UNREADABLE, DATASET_INVALID where there is no class, a class without images, or a broken image; OPTION_INVALID
 */
export async function loadImageFolder(folder: string, options: ImageFolderOptions): Promise<Dataset> {
  const {
    size,
    channels = 3,
    fit = 'cover',
    name = basename(resolve(folder)),
    preprocess = unitBytes,
  } = options;
  const [height, width] = size;
  expectInteger('height', height, 1);
  expectInteger('width', width, 1);
  const labelNames = await namesIn(folder, 'folder');
  expectData(labelNames.length > 0, () => `${folder} has no folders, expected one a class`);
  const files = await imagesIn(folder, labelNames);
  const bytes = height * width * channels;
  const inputs = new Uint8Array(files.length * bytes);
  const { default: sharp } = await import('sharp');
  const decode = async ({ path }: ImageFile, index: number) => {
    const image = sharp(path).rotate().flatten().resize(width, height, { fit });
    inputs.set(await pixelsOf(path, image, channels), index * bytes);
  };
  for (let at = 0; at < files.length; at += CONCURRENT)
    await Promise.all(files.slice(at, at + CONCURRENT).map((file, i) => decode(file, at + i)));
  const labels = Int32Array.from(files, ({ label }) => label);
  return createDataset({ name, shape: [height, width, channels], inputs, labels, labelNames, preprocess });
}

async function imagesIn(folder: string, classes: readonly string[]): Promise<ImageFile[]> {
  const lists = await Promise.all(
    classes.map(async (name, label) => {
      const inside = join(folder, name);
      const files = (await namesIn(inside, 'file')).filter((file) =>
        EXTENSIONS.has(extname(file).toLowerCase()),
      );
      expectData(files.length > 0, () => `${inside} has no images (${[...EXTENSIONS].join(' ')})`);
      return files.map((file) => ({ path: join(inside, file), label }));
    }),
  );
  return lists.flat();
}

/** Names in a folder, of folders or of all else, sorted by code unit so that every platform has one order. */
async function namesIn(folder: string, kind: 'folder' | 'file'): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() === (kind === 'folder') && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    throw datasetError('FILE_UNREADABLE', `can't read folder ${folder}: ${messageOf(error)}`, error);
  }
}

async function pixelsOf(path: string, image: Sharp, channels: 1 | 3): Promise<Uint8Array> {
  try {
    const coloured = image.toColourspace(channels === 1 ? 'b-w' : 'srgb');
    return await coloured.raw({ depth: 'uchar' }).toBuffer();
  } catch (error) {
    throw datasetError('DATASET_INVALID', `can't decode ${path}: ${messageOf(error)}`, error);
  }
}
