import { existsSync } from 'node:fs';
import { datasetError } from './errors.js';
import type { Dataset } from './dataset.js';
import { loadIdx } from './load-idx.js';
import type { IdxOptions, Part } from './load-idx.js';

const FOLDER = '/usr/share/datasets/fashion-mnist';

const labelNames = [
  'T-shirt/top',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
];

export interface FashionMnistOptions extends Pick<IdxOptions, 'preprocess'> {
  readonly part: Part;
  /** Where the four files are; Debian's place unless told. */
  readonly folder?: string;
}

/** Whether Fashion-MNIST is installed where Debian's package puts it. */
export function hasFashionMnist(): boolean {
  return existsSync(FOLDER);
}

/**
 * Fashion-MNIST (Xiao et al. 2017): 28 x 28 x 1, 10 classes, 60,000 examples to train and 10,000 to test, as Debian's
 * package dataset-fashion-mnist installs it.
 * @throws DATASET_UNAVAILABLE where it isn't installed, FILE_UNREADABLE, DATASET_INVALID
 */
export function loadFashionMnist(options: FashionMnistOptions): Promise<Dataset> {
  const { part, folder = FOLDER, preprocess } = options;
  if (!existsSync(folder))
    return Promise.reject(
      datasetError(
        'DATASET_UNAVAILABLE',
        `Fashion-MNIST is not at ${folder}: install Debian's package dataset-fashion-mnist (apt-get install dataset-fashion-mnist)`,
      ),
    );
  return loadIdx({ folder, part }, { name: `fashion-mnist/${part}`, labelNames, preprocess });
}
