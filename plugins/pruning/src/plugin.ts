import { definePlugin } from '@whittle/core';
import { maskNOfM } from './mask-n-of-m.js';
import { maskWeights } from './mask-weights.js';
import { pruneAtRandom } from './prune-at-random.js';
import { pruneByActivationTaylor } from './prune-by-activation-taylor.js';
import { pruneByDiscrimination } from './prune-by-discrimination.js';
import { pruneByGeometricMedian } from './prune-by-geometric-median.js';
import { pruneByLasso } from './prune-by-lasso.js';
import { pruneByMagnitude } from './prune-by-magnitude.js';
import { pruneByNextLayer } from './prune-by-next-layer.js';
import { pruneByWeightTaylor } from './prune-by-weight-taylor.js';
import { pruneByZeroActivations } from './prune-by-zero-activations.js';
import { pruneFrequencies } from './prune-frequencies.js';
import { pruneGradually } from './prune-gradually.js';
import { scanSensitivity } from './scan-sensitivity.js';

/** Criteria and schedules of pruning as a plugin. */
export const pruning = definePlugin({
  name: 'pruning',
  passes: [
    pruneByMagnitude,
    pruneByGeometricMedian,
    pruneByActivationTaylor,
    pruneByWeightTaylor,
    pruneByLasso,
    pruneByNextLayer,
    pruneByDiscrimination,
    pruneByZeroActivations,
    pruneAtRandom,
    maskWeights,
    maskNOfM,
    pruneGradually,
    pruneFrequencies,
    scanSensitivity,
  ],
});
