import type { Id } from '@whittle/core';
import { averagePoolLayer, channelsOf, concatLayer } from '../layers/index.js';
import type { Network } from '../network.js';
import { bnReluConv } from './conv-bn.js';

export interface DenseBlockOptions {
  readonly layers: number;
  /** Channels that each layer adds: k. */
  readonly growth: number;
  /** Channels of a 1 x 1 convolution in front of each 3 x 3 one; there is none unless told. */
  readonly bottleneck?: number;
}

/** Layers of batch norm, relu and convolution, each of which reads what all before it gave (Huang et al. 2017). */
export function denseBlock(network: Network, name: string, input: Id, options: DenseBlockOptions): Id {
  const { layers, growth, bottleneck } = options;
  let features = input;
  for (let layer = 1; layer <= layers; layer++) {
    const id = `${name}/layer${layer}`;
    const narrow =
      bottleneck === undefined
        ? features
        : bnReluConv(network, `${id}/conv1`, features, { filters: bottleneck, kernel: [1, 1] });
    const fresh = bnReluConv(network, `${id}/conv2`, narrow, { filters: growth, kernel: [3, 3] });
    features = concatLayer(network, `${id}/concat`, [features, fresh]);
  }
  return features;
}

/** Batch norm, relu, 1 x 1 convolution to `compression` of the channels, rounded down, and a mean over 2 x 2 pixels. */
export function denseTransition(network: Network, name: string, input: Id, compression: number): Id {
  const filters = Math.floor(channelsOf(network, input) * compression);
  const features = bnReluConv(network, `${name}/conv`, input, { filters, kernel: [1, 1] });
  return averagePoolLayer(network, `${name}/pool`, features, { size: 2 });
}
