import type { OpDefinition } from '@whittle/core';
import { lowerUnary } from '../../lowerings/activation.js';
import type { KernelVariant } from '../variant.js';
import { withNeonKernels } from './same-calls.js';

/** Any op of one int8 operand: a table of its 256 values, or a clamp where it is no more than that. */
export function neonUnary(op: Pick<OpDefinition, 'name'>): KernelVariant<object> {
  const portable = lowerUnary(op);
  return (node, context) => withNeonKernels(portable(node, context));
}
