import type { MeanAttributes, PoolAttributes } from '@whittle/core';
import { meanPlan } from '@whittle/int8';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { lowerAveragePool2d, lowerMaxPool2d } from '../../lowerings/pooling.js';
import { lowerMean } from '../../lowerings/reduction.js';
import { withKernelsOf } from '../counterparts.js';

/** Pixels of a window whose sum has 16 bits for certain. */
const MAX_WINDOW = 255;

export function mveAveragePool2d(node: KernelNode<PoolAttributes>): KernelPlan | undefined {
  const [height, width] = node.attributes.size;
  return height * width <= MAX_WINDOW ? withKernelsOf('mve', lowerAveragePool2d(node)) : undefined;
}

export function mveMaxPool2d(node: KernelNode<PoolAttributes>): KernelPlan {
  return withKernelsOf('mve', lowerMaxPool2d(node));
}

/** Four elements of the last axis are summed at a time: it must be kept, and have some. */
export function mveMean(node: KernelNode<MeanAttributes>): KernelPlan | undefined {
  const { axes, inputShape, shift } = meanPlan(node);
  const last = inputShape.length - 1;
  if (axes.includes(last) || inputShape[last] < 4 || shift > 0 || shift < -31) return undefined;
  return withKernelsOf('mve', lowerMean(node));
}
