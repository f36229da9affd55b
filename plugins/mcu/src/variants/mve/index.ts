import { conv2d, dense } from '@whittle/core';
import { variant } from '../variant.js';
import type { VariantListing } from '../variant.js';

/** Kernels for Arm's Helium. */
export const mveVariants: readonly VariantListing[] = [
  variant(conv2d, () => import('./conv2d.js').then((m) => m.mveConv2d)),
  variant(dense, () => import('./dense.js').then((m) => m.mveDense)),
];
