import type { VariantListing } from '../variant.js';

export const armv6mVariants: readonly VariantListing[] = [];
