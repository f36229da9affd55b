import { createRandom } from '@whittle/core';
import { batches, loadDigits, split } from '@whittle/datasets';
import { digitsNet } from '@whittle/zoo';

const parts = split(await loadDigits(), { train: 400, validation: 200 }, createRandom(1));

export const digits = {
  data: batches(parts.train, { batchSize: 50, shuffle: true }),
  validation: batches(parts.validation, { batchSize: 200 }),
};

/** A network that learns some of the digits in seconds. */
export const smallNet = (seed = 1) => digitsNet({ width: 4, gamma: 0.5, random: createRandom(seed) });
