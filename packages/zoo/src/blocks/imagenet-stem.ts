import type { Id } from '@whittle/core';
import { centeredPadding, maxPoolLayer } from '../layers/index.js';
import type { Network } from '../network.js';
import { convBnActivation } from './conv-bn.js';

/**
 * The stem of residual and dense networks for ImageNet in torchvision's layout: a 7 x 7 convolution of stride 2 with batch norm and
 * ReLU, then a 3 x 3 maximum of stride 2, both padded on all sides. [batch, h, w, c] to [batch, h / 4, w / 4, filters].
 */
export function imagenetStem(network: Network, input: Id, filters: number): Id {
  const features = convBnActivation(network, 'conv1', input, {
    filters,
    kernel: [7, 7],
    strides: [2, 2],
    padding: centeredPadding([7, 7]),
  });
  return maxPoolLayer(network, 'pool1', features, { size: 3, stride: 2, padding: centeredPadding([3, 3]) });
}
