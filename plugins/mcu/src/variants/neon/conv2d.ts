import type { ConvAttributes } from '@whittle/core';
import type { KernelContext, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { convLayer } from './conv-layer.js';

/** Any convolution in one group whose factors are below 1/2 and whose products fit 16 bits in pairs. */
export function neonConv2d(node: KernelNode<ConvAttributes>, context: KernelContext): KernelPlan | undefined {
  return convLayer(node, context, {
    name: 'whittle_conv_tiles_s8_neon',
    pixels: 4,
    channels: 4,
    step: 8,
    slice: 16,
    pairsProducts: true,
  });
}
