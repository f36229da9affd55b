import type { PoolAttributes } from '@whittle/core';
import { poolPlan } from '@whittle/int8';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { kernelFolder } from '../../lowerings/kernel-call.js';
import { lowerAveragePool2d } from '../../lowerings/pooling.js';

/** Pixels of a window whose sum has 16 bits for certain. */
const MAX_WINDOW = 255;
const CHANNELS = 8;

/** The average over windows of at most 255 pixels, of 8 channels or more. */
export function neonAveragePool2d(node: KernelNode<PoolAttributes>): KernelPlan | undefined {
  const plan = poolPlan(node);
  if (plan.kernelHeight * plan.kernelWidth > MAX_WINDOW || plan.inputChannels < CHANNELS) return undefined;
  const portable = lowerAveragePool2d(node);
  const [first, ...rest] = portable.calls;
  const kernel = { name: 'whittle_average_pool_2d_s8_neon', folder: kernelFolder };
  return { ...portable, calls: [{ ...first, kernel }, ...rest] };
}
