import type { OpDefinition } from '@whittle/core';
import { unaryOps } from '../lowerings/unary-ops.js';
import type { TargetFeature } from '../targets/index.js';
import { variant } from './variant.js';
import type { VariantListing } from './variant.js';

/** Every op of one operand by the kernels that an instruction set has for tables and clamps. */
export function unaryVariants(feature: TargetFeature): VariantListing[] {
  return unaryOps.map((op) =>
    variant(op as OpDefinition<object>, () =>
      import('./counterparts.js').then((m) => m.unaryOf(feature, op)),
    ),
  );
}
