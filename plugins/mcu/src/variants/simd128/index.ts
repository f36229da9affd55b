import type { VariantListing } from '../variant.js';

export const simd128Variants: readonly VariantListing[] = [];
