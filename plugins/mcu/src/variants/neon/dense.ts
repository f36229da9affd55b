import type { DenseAttributes } from '@whittle/core';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { denseLayer } from './dense-layer.js';

/** A dense layer whose factors are below 1/2 and whose products fit 16 bits in pairs. */
export function neonDense(node: KernelNode<DenseAttributes>): KernelPlan | undefined {
  return denseLayer(node, 'whittle_fully_connected_s8_neon', {
    channels: 8,
    step: 8,
    slice: 16,
    pairsProducts: true,
  });
}
