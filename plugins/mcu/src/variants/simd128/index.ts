import { add, conv2d, dense, depthwiseConv2d, sub } from '@whittle/core';
import { variant } from '../variant.js';
import type { VariantListing } from '../variant.js';

/** Kernels in vectors of 16 bytes: WebAssembly's, SSE2's, or plain C of that shape. */
export const simd128Variants: readonly VariantListing[] = [
  variant(conv2d, () => import('./conv2d.js').then((m) => m.simd128Conv2d)),
  variant(depthwiseConv2d, () => import('./depthwise-conv2d.js').then((m) => m.simd128DepthwiseConv2d)),
  variant(dense, () => import('./dense.js').then((m) => m.simd128Dense)),
  variant(add, () => import('./add.js').then((m) => m.simd128Add)),
  variant(sub, () => import('./add.js').then((m) => m.simd128Sub)),
];
