import { add, averagePool2d, conv2d, dense, depthwiseConv2d, maxPool2d, mean, mul, sub } from '@whittle/core';
import { unaryVariants } from '../unary-variants.js';
import { variant } from '../variant.js';
import type { VariantListing } from '../variant.js';

/** Kernels for Arm's Helium. */
export const mveVariants: readonly VariantListing[] = [
  variant(conv2d, () => import('./conv2d.js').then((m) => m.mveConv2d)),
  variant(dense, () => import('./dense.js').then((m) => m.mveDense)),
  variant(depthwiseConv2d, () => import('./depthwise-conv2d.js').then((m) => m.mveDepthwiseConv2d)),
  variant(add, () => import('./add.js').then((m) => m.mveAdd)),
  variant(sub, () => import('./add.js').then((m) => m.mveSub)),
  variant(mul, () => import('./multiply.js').then((m) => m.mveMul)),
  variant(averagePool2d, () => import('./pooling.js').then((m) => m.mveAveragePool2d)),
  variant(maxPool2d, () => import('./pooling.js').then((m) => m.mveMaxPool2d)),
  variant(mean, () => import('./pooling.js').then((m) => m.mveMean)),
  ...unaryVariants('mve'),
];
