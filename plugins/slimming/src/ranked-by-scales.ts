import type { Property } from '@whittle/core';
import { scaleIds } from './importance.js';

/** The model has float batch norms, whose scales rank its channels. */
export const rankedByScales: Property = {
  name: 'ranked-by-scales',
  args: {},
  dependsOn: ['structure'],
  check: (model) =>
    scaleIds(model).length > 0
      ? undefined
      : { message: 'the model has no batch normalization, whose scales would rank its channels' },
};
