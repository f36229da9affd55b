import {
  averagePool2d,
  batchNorm,
  concrete,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  hardSwish,
  maxPool2d,
  relu,
  relu6,
  tanh,
} from '@whittle/core';
import type { Id, Padding, Pair } from '@whittle/core';
import { constant, heNormal } from './initializers.js';
import type { Initializer } from './initializers.js';
import type { Network } from './network.js';

const activations = { relu, relu6, tanh, hard_swish: hardSwish } as const;

/** A node of its own behind a layer, or nothing. */
export type Activation = keyof typeof activations | 'none';

export interface ConvLayerOptions {
  /** Output channels. */
  readonly filters: number;
  readonly kernel: Pair;
  readonly strides?: Pair;
  readonly padding?: Padding;
  /** Whether there is a bias; leave it out where a batch norm follows. */
  readonly bias?: boolean;
}

/** Convolution, dilation 1, one group: weight '<name>/weight' by He's initializer, bias '<name>/bias' 0. */
export function convLayer(network: Network, name: string, input: Id, options: ConvLayerOptions): Id {
  const { filters, kernel, strides = [1, 1], padding = 'same', bias = true } = options;
  const channels = channelsOf(network, input);
  const area = kernel[0] * kernel[1];
  const operands = [
    input,
    weight(network, name, [...kernel, channels, filters], area * channels, area * filters),
  ];
  if (bias) operands.push(biasOf(network, name, filters));
  return network.builder.node(
    name,
    conv2d,
    { strides, padding, dilations: [1, 1], activation: 'none', groups: 1 },
    operands,
  );
}

export interface DepthwiseLayerOptions {
  readonly kernel: Pair;
  readonly strides?: Pair;
  readonly padding?: Padding;
}

/** Depthwise convolution, one output channel for each input channel, without bias. */
export function depthwiseLayer(
  network: Network,
  name: string,
  input: Id,
  options: DepthwiseLayerOptions,
): Id {
  const { kernel, strides = [1, 1], padding = 'same' } = options;
  const area = kernel[0] * kernel[1];
  const operands = [input, weight(network, name, [...kernel, channelsOf(network, input), 1], area, area)];
  return network.builder.node(
    name,
    depthwiseConv2d,
    { strides, padding, dilations: [1, 1], activation: 'none' },
    operands,
  );
}

export interface DenseLayerOptions {
  readonly units: number;
  readonly bias?: boolean;
  /** He's normal one unless told. */
  readonly initializer?: Initializer;
}

/** Matrix product over the last axis: weight '<name>/weight', bias '<name>/bias' 0. */
export function denseLayer(network: Network, name: string, input: Id, options: DenseLayerOptions): Id {
  const { units, bias = true, initializer = heNormal } = options;
  const features = channelsOf(network, input);
  const operands = [input, weight(network, name, [features, units], features, units, initializer)];
  if (bias) operands.push(biasOf(network, name, units));
  return network.builder.node(name, dense, { activation: 'none' }, operands);
}

/**
 * Batch norm over the last axis: scale the network's `gamma`, offset 0, mean 0, variance 1, in parameters '<name>/scale',
 * '<name>/offset', '<name>/mean' and '<name>/variance'.
 */
export function batchNormLayer(network: Network, name: string, input: Id): Id {
  const { builder, gamma, epsilon } = network;
  const shape = [channelsOf(network, input)];
  const operands = [
    builder.parameter(`${name}/scale`, constant(shape, gamma), 'scale'),
    builder.parameter(`${name}/offset`, constant(shape, 0), 'offset'),
    builder.parameter(`${name}/mean`, constant(shape, 0), 'mean'),
    builder.parameter(`${name}/variance`, constant(shape, 1), 'variance'),
  ];
  return builder.node(name, batchNorm, { epsilon }, [input, ...operands]);
}

/** The activation as a node '<name>'; the input itself where there is none. */
export function activationLayer(network: Network, name: string, input: Id, activation: Activation): Id {
  return activation === 'none' ? input : network.builder.node(name, activations[activation], {}, [input]);
}

/** Maximum over squares of `size` that don't overlap; rows and columns left over are dropped. */
export function maxPoolLayer(network: Network, name: string, input: Id, size: number): Id {
  return network.builder.node(
    name,
    maxPool2d,
    { size: [size, size], strides: [size, size], padding: 'valid', activation: 'none' },
    [input],
  );
}

/** Mean of each channel over the whole image, [N, H, W, C] to [N, C]: '<name>', then '<name>/flat'. */
export function globalAveragePool(network: Network, name: string, input: Id): Id {
  const [, height, width] = concrete(network.builder.typeOf(input).shape);
  const size: Pair = [height, width];
  const pooled = network.builder.node(
    name,
    averagePool2d,
    { size, strides: size, padding: 'valid', activation: 'none' },
    [input],
  );
  return network.builder.node(`${name}/flat`, flatten, {}, [pooled]);
}

/** Extent of a value's last axis. */
export function channelsOf(network: Network, id: Id): number {
  return concrete(network.builder.typeOf(id).shape).at(-1)!;
}

function weight(
  network: Network,
  layer: string,
  shape: readonly number[],
  fanIn: number,
  fanOut: number,
  initializer: Initializer = heNormal,
): Id {
  const id = `${layer}/weight`;
  return network.builder.parameter(id, initializer(network.random.at(id), shape, fanIn, fanOut), 'weight');
}

function biasOf(network: Network, layer: string, outputs: number): Id {
  return network.builder.parameter(`${layer}/bias`, constant([outputs], 0), 'bias');
}
