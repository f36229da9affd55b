import { dense } from '@whittle/core';
import { variant } from '../variant.js';
import type { VariantListing } from '../variant.js';

export const dspVariants: readonly VariantListing[] = [
  variant(dense, () => import('./dense.js').then((m) => m.dspDense)),
];
