import { add, conv2d, dense, depthwiseConv2d, sub } from '@whittle/core';
import { variant } from '../variant.js';
import type { VariantListing } from '../variant.js';

export const armv6mVariants: readonly VariantListing[] = [
  variant(conv2d, () => import('./conv2d.js').then((m) => m.armv6mConv2d)),
  variant(depthwiseConv2d, () => import('./depthwise-conv2d.js').then((m) => m.armv6mDepthwiseConv2d)),
  variant(dense, () => import('./dense.js').then((m) => m.armv6mDense)),
  variant(add, () => import('./add.js').then((m) => m.armv6mAdd)),
  variant(sub, () => import('./add.js').then((m) => m.armv6mSub)),
];
