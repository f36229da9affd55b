import { armv6mVariants } from './armv6m/index.js';
import { dotprodVariants } from './dotprod/index.js';
import { dspVariants } from './dsp/index.js';
import { mveVariants } from './mve/index.js';
import { neonVariants } from './neon/index.js';
import { simd128Variants } from './simd128/index.js';
import type { VariantTable } from './variant.js';

export { withVariants } from './variant.js';

/** Kernels beside portable C, by the feature that they need. */
export const variants: VariantTable = {
  armv6m: armv6mVariants,
  dsp: dspVariants,
  mve: mveVariants,
  neon: neonVariants,
  dotprod: dotprodVariants,
  simd128: simd128Variants,
};
