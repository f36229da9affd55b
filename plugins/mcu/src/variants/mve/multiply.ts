import type { BinaryAttributes } from '@whittle/core';
import { mulPlan } from '@whittle/int8';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { lowerMul } from '../../lowerings/elementwise.js';
import { withKernelsOf } from '../counterparts.js';

export function mveMul(node: KernelNode<BinaryAttributes>): KernelPlan | undefined {
  const { shift } = mulPlan(node);
  return shift <= 0 && shift >= -31 ? withKernelsOf('mve', lowerMul(node)) : undefined;
}
