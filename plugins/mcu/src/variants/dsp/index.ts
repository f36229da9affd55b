import { add, averagePool2d, conv2d, dense, depthwiseConv2d, maxPool2d, sub } from '@whittle/core';
import { variant } from '../variant.js';
import type { VariantListing } from '../variant.js';

export const dspVariants: readonly VariantListing[] = [
  variant(conv2d, () => import('./conv2d.js').then((m) => m.dspConv2d)),
  variant(depthwiseConv2d, () => import('./depthwise-conv2d.js').then((m) => m.dspDepthwiseConv2d)),
  variant(dense, () => import('./dense.js').then((m) => m.dspDense)),
  variant(add, () => import('./add.js').then((m) => m.dspAdd)),
  variant(sub, () => import('./add.js').then((m) => m.dspSub)),
  variant(averagePool2d, () => import('./pooling.js').then((m) => m.dspAveragePool2d)),
  variant(maxPool2d, () => import('./pooling.js').then((m) => m.dspMaxPool2d)),
];
