import { add, averagePool2d, conv2d, dense, depthwiseConv2d, maxPool2d, mean, sub } from '@whittle/core';
import { unaryVariants } from '../unary-variants.js';
import { variant } from '../variant.js';
import type { VariantListing } from '../variant.js';

/** Kernels in vectors of 64-bit Arm. */
export const neonVariants: readonly VariantListing[] = [
  variant(conv2d, () => import('./conv2d.js').then((m) => m.neonConv2d)),
  variant(depthwiseConv2d, () => import('./depthwise-conv2d.js').then((m) => m.neonDepthwiseConv2d)),
  variant(dense, () => import('./dense.js').then((m) => m.neonDense)),
  variant(add, () => import('./add.js').then((m) => m.neonAdd)),
  variant(sub, () => import('./add.js').then((m) => m.neonSub)),
  variant(averagePool2d, () => import('./pooling.js').then((m) => m.neonAveragePool2d)),
  variant(maxPool2d, () => import('./pooling.js').then((m) => m.neonMaxPool2d)),
  variant(mean, () => import('./pooling.js').then((m) => m.neonMean)),
  ...unaryVariants('neon'),
];
