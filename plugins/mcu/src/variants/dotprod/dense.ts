import type { DenseAttributes } from '@whittle/core';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { denseLayer } from '../neon/dense-layer.js';

/** A dense layer whose factors are below 1/2. */
export function dotprodDense(node: KernelNode<DenseAttributes>): KernelPlan | undefined {
  return denseLayer(node, 'whittle_fully_connected_s8_dotprod', {
    channels: 16,
    step: 4,
    slice: 4,
    pairsProducts: false,
  });
}
