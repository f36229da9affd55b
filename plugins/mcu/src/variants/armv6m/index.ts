import { conv2d, depthwiseConv2d } from '@whittle/core';
import { variant } from '../variant.js';
import type { VariantListing } from '../variant.js';

export const armv6mVariants: readonly VariantListing[] = [
  variant(conv2d, () => import('./conv2d.js').then((m) => m.armv6mConv2d)),
  variant(depthwiseConv2d, () => import('./depthwise-conv2d.js').then((m) => m.armv6mDepthwiseConv2d)),
];
