import type { VariantListing } from '../variant.js';

export const dspVariants: readonly VariantListing[] = [];
