import { dense } from '@whittle/core';
import type { Id } from '@whittle/core';
import type { Initializer } from '../initializers.js';
import type { Network } from '../network.js';
import { biasOf, channelsOf } from './convolution.js';

export interface DenseLayerOptions {
  readonly units: number;
  readonly bias?: boolean;
  /** He's normal one unless told. */
  readonly initializer?: Initializer;
}

/** Matrix product over the last axis: weight '<name>/weight', bias '<name>/bias' 0. */
export function denseLayer(network: Network, name: string, input: Id, options: DenseLayerOptions): Id {
  const { units, bias = true, initializer } = options;
  const features = channelsOf(network, input);
  const weight = network.weight(`${name}/weight`, [features, units], features, units, initializer);
  return network.builder.node(name, dense, { activation: 'none' }, [
    input,
    weight,
    ...biasOf(network, name, units, bias),
  ]);
}
