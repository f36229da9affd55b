import type { VariantListing } from '../variant.js';

export const mveVariants: readonly VariantListing[] = [];
