import { add, conv2d, depthwiseConv2d, sub } from '@whittle/core';
import { variant } from '../variant.js';
import type { VariantListing } from '../variant.js';

/** Kernels in vectors of 64-bit Arm. */
export const neonVariants: readonly VariantListing[] = [
  variant(conv2d, () => import('./conv2d.js').then((m) => m.neonConv2d)),
  variant(depthwiseConv2d, () => import('./depthwise-conv2d.js').then((m) => m.neonDepthwiseConv2d)),
  variant(add, () => import('./add.js').then((m) => m.neonAdd)),
  variant(sub, () => import('./add.js').then((m) => m.neonSub)),
];
