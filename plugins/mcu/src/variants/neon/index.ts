import type { VariantListing } from '../variant.js';

export const neonVariants: readonly VariantListing[] = [];
