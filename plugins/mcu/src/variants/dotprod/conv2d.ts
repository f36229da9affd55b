import type { ConvAttributes } from '@whittle/core';
import type { KernelContext, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { convLayer } from '../neon/conv-layer.js';

/** Any convolution in one group whose factors are below 1/2. */
export function dotprodConv2d(
  node: KernelNode<ConvAttributes>,
  context: KernelContext,
): KernelPlan | undefined {
  return convLayer(node, context, {
    name: 'whittle_conv_tiles_s8_dotprod',
    pixels: 5,
    channels: 16,
    step: 4,
    slice: 4,
    pairsProducts: false,
  });
}
