import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Preprocess } from '@whittle/core';
import { createDataset } from './dataset.js';
import type { Dataset } from './dataset.js';
import { datasetError, expectData } from './errors.js';
import type { Part } from './load-idx.js';
import { unitBytes } from './preprocess.js';
import { messageOf, readBytes } from './read-bytes.js';

const PLANE = 32 * 32;
const IMAGE = 3 * PLANE;
const RECORD = 1 + IMAGE;

const labelNames = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

export interface Cifar10Options {
  readonly part: Part;
  /** Bytes become 0 to 1 unless told. */
  readonly preprocess?: Preprocess;
}

/**
 * CIFAR-10 (Krizhevsky 2009) from a folder with its binary files: 32 x 32 x 3. The training part is data_batch_1.bin and
 * those that follow it in number (five as published, fewer in an excerpt), the test part is test_batch.bin.
 * @throws FILE_UNREADABLE, DATASET_INVALID where a batch is missing between others, cut short, or has a label beyond 9
 */
export async function loadCifar10(folder: string, options: Cifar10Options): Promise<Dataset> {
  const { part, preprocess = unitBytes } = options;
  const names = part === 'test' ? ['test_batch.bin'] : await trainingFiles(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path, bytes: await readBytes(path) };
    }),
  );
  const count = files.reduce((sum, { path, bytes }) => sum + recordsIn(path, bytes), 0);
  const inputs = new Uint8Array(count * IMAGE);
  const labels = new Int32Array(count);
  let example = 0;
  for (const { path, bytes } of files)
    for (let at = 0; at < bytes.length; at += RECORD, example++) {
      const label = bytes[at];
      expectData(label < 10, () => `${path}: record ${at / RECORD} has label ${label}, expected 0 to 9`);
      labels[example] = label;
      interleavePlanes(bytes.subarray(at + 1, at + RECORD), inputs, example * IMAGE);
    }
  return createDataset({
    name: `cifar-10/${part}`,
    shape: [32, 32, 3],
    inputs,
    labels,
    labelNames,
    preprocess,
  });
}

async function trainingFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw datasetError('FILE_UNREADABLE', `can't read folder ${folder}: ${messageOf(error)}`, error);
  });
  const numbers = entries
    .flatMap((name) => /^data_batch_(\d+)\.bin$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  if (numbers.length === 0) throw datasetError('FILE_UNREADABLE', `${folder} has no data_batch_1.bin`);
  numbers.forEach((number, i) =>
    expectData(
      number === i + 1,
      () =>
        `${folder} must have data_batch_1.bin to data_batch_${numbers.at(-1)}.bin, but number ${i + 1} is missing`,
    ),
  );
  return numbers.map((number) => `data_batch_${number}.bin`);
}

function recordsIn(path: string, bytes: Uint8Array): number {
  expectData(
    bytes.length > 0 && bytes.length % RECORD === 0,
    () => `${path} must hold whole records of ${RECORD} bytes, found ${bytes.length} bytes`,
  );
  return bytes.length / RECORD;
}

/** Red, green and blue planes to pixels of three channels. */
function interleavePlanes(planes: Uint8Array, target: Uint8Array, offset: number): void {
  for (let pixel = 0; pixel < PLANE; pixel++)
    for (let c = 0; c < 3; c++) target[offset + 3 * pixel + c] = planes[c * PLANE + pixel];
}
