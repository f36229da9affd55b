import type { PoolAttributes } from '@whittle/core';
import { poolPlan } from '@whittle/int8';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { lowerAveragePool2d, lowerMaxPool2d } from '../../lowerings/pooling.js';

/** Pixels of a window whose sum of int8 fits 16 bits. */
const LARGEST_WINDOW = 256;

/** Average pooling of 4 channels or more, with windows whose sums fit 16 bits. */
export function dspAveragePool2d(node: KernelNode<PoolAttributes>): KernelPlan | undefined {
  const { inputChannels, kernelHeight, kernelWidth } = poolPlan(node);
  if (inputChannels < 4 || kernelHeight * kernelWidth > LARGEST_WINDOW) return undefined;
  return withDspKernel(lowerAveragePool2d(node));
}

/** Max pooling of 4 channels or more. */
export function dspMaxPool2d(node: KernelNode<PoolAttributes>): KernelPlan | undefined {
  return poolPlan(node).inputChannels < 4 ? undefined : withDspKernel(lowerMaxPool2d(node));
}

/** The first call by the kernel for this instruction set, which takes the same arguments. */
function withDspKernel(portable: KernelPlan): KernelPlan {
  const [{ kernel, arguments: args }, ...rest] = portable.calls;
  const faster = { ...kernel, name: `${kernel.name}_dsp` };
  return { ...portable, calls: [{ kernel: faster, arguments: args }, ...rest] };
}
