import type { DenseAttributes } from '@whittle/core';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { lowerDense } from '../../lowerings/dense.js';
import { vectorCalls } from './vector-calls.js';

/** Any dense layer. */
export function simd128Dense(node: KernelNode<DenseAttributes>): KernelPlan {
  const portable = lowerDense(node);
  return { ...portable, calls: vectorCalls(portable) };
}
