import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Preprocess } from '@whittle/core';
import { createDataset } from './dataset.js';
import type { Dataset } from './dataset.js';
import { datasetError, expectData } from './errors.js';
import { parseIdx } from './idx.js';
import { unitBytes } from './preprocess.js';
import { readMaybeGzip } from './read-bytes.js';

/** Which of the two published parts to load. */
export type Part = 'train' | 'test';

/** A folder with files named as MNIST's, or the two files; plain or gzip. */
export type IdxSource =
  { readonly folder: string; readonly part: Part } | { readonly images: string; readonly labels: string };

export interface IdxOptions {
  /** The folder's name and the part, or the name of the image file, unless told. */
  readonly name?: string;
  /** '0' to '9' unless told. */
  readonly labelNames?: readonly string[];
  /** Bytes become 0 to 1 unless told. */
  readonly preprocess?: Preprocess;
}

const TEN = Array.from({ length: 10 }, (_, digit) => `${digit}`);

/**
 * Images [N, height, width] and labels [N] in IDX files, as MNIST and Fashion-MNIST come: examples [height, width, 1]. In a
 * folder the files are `train-` or `t10k-`, `images-idx3-ubyte` or `labels-idx1-ubyte`, with or without `.gz`.
 * @throws FILE_UNREADABLE, DATASET_INVALID
 */
export async function loadIdx(source: IdxSource, options: IdxOptions = {}): Promise<Dataset> {
  const files = 'folder' in source ? filesIn(source) : source;
  const [images, labels] = await Promise.all([
    readMaybeGzip(files.images).then((bytes) => parseIdx(files.images, bytes, 3)),
    readMaybeGzip(files.labels).then((bytes) => parseIdx(files.labels, bytes, 1)),
  ]);
  const [count, height, width] = images.shape;
  expectData(
    labels.data.length === count,
    () => `${files.images} holds ${count} images, but ${files.labels} ${labels.data.length} labels`,
  );
  return createDataset({
    name: options.name ?? nameOf(source),
    shape: [height, width, 1],
    inputs: images.data,
    labels: Int32Array.from(labels.data),
    labelNames: options.labelNames ?? TEN,
    preprocess: options.preprocess ?? unitBytes,
  });
}

function nameOf(source: IdxSource): string {
  return 'folder' in source ? `${basename(source.folder)}/${source.part}` : basename(source.images);
}

function filesIn({ folder, part }: { readonly folder: string; readonly part: Part }) {
  const prefix = part === 'train' ? 'train' : 't10k';
  return {
    images: findFile(folder, `${prefix}-images-idx3-ubyte`),
    labels: findFile(folder, `${prefix}-labels-idx1-ubyte`),
  };
}

function findFile(folder: string, name: string): string {
  const found = [`${name}.gz`, name].map((file) => join(folder, file)).find((path) => existsSync(path));
  if (found === undefined)
    throw datasetError('FILE_UNREADABLE', `${folder} has neither ${name}.gz nor ${name}`);
  return found;
}
