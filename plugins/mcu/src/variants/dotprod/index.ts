import type { VariantListing } from '../variant.js';

export const dotprodVariants: readonly VariantListing[] = [];
