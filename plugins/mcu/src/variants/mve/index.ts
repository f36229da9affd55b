import { conv2d } from '@whittle/core';
import { variant } from '../variant.js';
import type { VariantListing } from '../variant.js';

/** Kernels for Arm's Helium. */
export const mveVariants: readonly VariantListing[] = [
  variant(conv2d, () => import('./conv2d.js').then((m) => m.mveConv2d)),
];
