import { batchNorm, instanceNorm } from '@whittle/core';
import type { Id } from '@whittle/core';
import { constant } from '../initializers.js';
import type { Network } from '../network.js';
import { channelsOf } from './convolution.js';

/**
 * Batch norm over the last axis: scale the network's `gamma`, offset 0, mean 0, variance 1, in parameters '<name>/scale',
 * '<name>/offset', '<name>/mean' and '<name>/variance'.
 */
export function batchNormLayer(network: Network, name: string, input: Id): Id {
  const { builder, epsilon } = network;
  const shape = [channelsOf(network, input)];
  return builder.node(name, batchNorm, { epsilon }, [
    input,
    ...affine(network, name, shape),
    network.parameter(`${name}/mean`, 'mean', () => constant(shape, 0)),
    network.parameter(`${name}/variance`, 'variance', () => constant(shape, 1)),
  ]);
}

/** Instance norm with scale the network's `gamma` and offset 0, in parameters '<name>/scale' and '<name>/offset'. */
export function instanceNormLayer(network: Network, name: string, input: Id): Id {
  const { builder, epsilon } = network;
  return builder.node(name, instanceNorm, { epsilon }, [
    input,
    ...affine(network, name, [channelsOf(network, input)]),
  ]);
}

function affine(network: Network, name: string, shape: readonly number[]): [Id, Id] {
  return [
    network.parameter(`${name}/scale`, 'scale', () => constant(shape, network.gamma)),
    network.parameter(`${name}/offset`, 'offset', () => constant(shape, 0)),
  ];
}
