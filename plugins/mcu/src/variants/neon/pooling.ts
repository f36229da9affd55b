import type { MeanAttributes, PoolAttributes } from '@whittle/core';
import { meanPlan, poolPlan } from '@whittle/int8';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { lowerAveragePool2d, lowerMaxPool2d } from '../../lowerings/pooling.js';
import { lowerMean } from '../../lowerings/reduction.js';
import { withKernelsOf } from '../counterparts.js';

/** Channels that the kernels take at a time, and need. */
const CHANNELS = 16;
const AVERAGED_CHANNELS = 8;
/** Pixels of a window whose sum, and half their number, fit 16 bits. */
const LARGEST_WINDOW = 255;

/** Average pooling of 8 channels or more, with windows whose sums fit 16 bits. */
export function neonAveragePool2d(node: KernelNode<PoolAttributes>): KernelPlan | undefined {
  const { inputChannels, kernelHeight, kernelWidth } = poolPlan(node);
  if (inputChannels < AVERAGED_CHANNELS || kernelHeight * kernelWidth > LARGEST_WINDOW) return undefined;
  return withKernelsOf('neon', lowerAveragePool2d(node));
}

/** Max pooling of 16 channels or more. */
export function neonMaxPool2d(node: KernelNode<PoolAttributes>): KernelPlan | undefined {
  return poolPlan(node).inputChannels < CHANNELS ? undefined : withKernelsOf('neon', lowerMaxPool2d(node));
}

/** A mean of several elements each that keeps a last axis of 16 or more. */
export function neonMean(node: KernelNode<MeanAttributes>): KernelPlan | undefined {
  const { axes, count, inputShape, shift } = meanPlan(node);
  const last = inputShape.length - 1;
  if (axes.includes(last) || inputShape[last] < CHANNELS || count === 1) return undefined;
  if (shift > 0 || shift < -31) return undefined;
  return withKernelsOf('neon', lowerMean(node));
}
