import { mul } from '@whittle/core';
import type { Id } from '@whittle/core';
import { activationLayer, channelsOf, convLayer, meanPixel } from '../layers/index.js';
import type { Activation } from '../layers/index.js';
import type { Network } from '../network.js';

export interface SqueezeExciteOptions {
  /** Channels in between. */
  readonly squeezed: number;
  /** Behind the first convolution: 'relu' unless told. */
  readonly activation?: Activation;
  /** Of the factors: 'sigmoid' unless told. */
  readonly gate?: Activation;
}

/**
 * Multiplies each channel by a factor computed from the means of all (Hu et al. 2018, section 3): 1 x 1 convolutions
 * '<name>/squeeze' and '<name>/excite' with bias, product '<name>'.
 */
export function squeezeExcite(network: Network, name: string, input: Id, options: SqueezeExciteOptions): Id {
  const { squeezed, activation = 'relu', gate = 'sigmoid' } = options;
  const pointwise = (id: string, from: Id, filters: number, behind: Activation) =>
    activationLayer(
      network,
      `${id}/${behind}`,
      convLayer(network, id, from, { filters, kernel: [1, 1] }),
      behind,
    );
  const means = meanPixel(network, `${name}/mean`, input);
  const narrow = pointwise(`${name}/squeeze`, means, squeezed, activation);
  const factors = pointwise(`${name}/excite`, narrow, channelsOf(network, input), gate);
  return network.builder.node(name, mul, { activation: 'none' }, [input, factors]);
}
