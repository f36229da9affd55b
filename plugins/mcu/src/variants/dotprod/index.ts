import { conv2d, dense, depthwiseConv2d } from '@whittle/core';
import { variant } from '../variant.js';
import type { VariantListing } from '../variant.js';

/** Kernels with 64-bit Arm's dot products of four bytes. */
export const dotprodVariants: readonly VariantListing[] = [
  variant(conv2d, () => import('./conv2d.js').then((m) => m.dotprodConv2d)),
  variant(depthwiseConv2d, () => import('./depthwise-conv2d.js').then((m) => m.dotprodDepthwiseConv2d)),
  variant(dense, () => import('./dense.js').then((m) => m.dotprodDense)),
];
