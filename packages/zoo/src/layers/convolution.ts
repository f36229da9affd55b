import { concrete, conv2d, depthwiseConv2d, transposeConv2d } from '@whittle/core';
import type { Id, Padding, Pair } from '@whittle/core';
import { constant } from '../initializers.js';
import type { Network } from '../network.js';

export interface DepthwiseLayerOptions {
  readonly kernel: Pair;
  readonly strides?: Pair;
  /** 'same' unless told. */
  readonly padding?: Padding;
  /** Whether there is a bias; leave it out where a batch norm follows. */
  readonly bias?: boolean;
}

export interface ConvLayerOptions extends DepthwiseLayerOptions {
  /** Output channels. */
  readonly filters: number;
  /** How many groups input and output channels divide into: 1 unless told. */
  readonly groups?: number;
}

/** Convolution, dilation 1: weight '<name>/weight' by He's initializer, bias '<name>/bias' 0, there unless told. */
export function convLayer(network: Network, name: string, input: Id, options: ConvLayerOptions): Id {
  const { filters, kernel, strides = [1, 1], padding = 'same', bias = true, groups = 1 } = options;
  const perGroup = channelsOf(network, input) / groups;
  const area = kernel[0] * kernel[1];
  const weight = network.weight(
    `${name}/weight`,
    [...kernel, perGroup, filters],
    area * perGroup,
    (area * filters) / groups,
  );
  return network.builder.node(
    name,
    conv2d,
    { strides, padding, dilations: [1, 1], activation: 'none', groups },
    [input, weight, ...biasOf(network, name, filters, bias)],
  );
}

/** Depthwise convolution, one output channel for each input channel, without bias unless told. */
export function depthwiseLayer(
  network: Network,
  name: string,
  input: Id,
  options: DepthwiseLayerOptions,
): Id {
  const { kernel, strides = [1, 1], padding = 'same', bias = false } = options;
  const channels = channelsOf(network, input);
  const area = kernel[0] * kernel[1];
  const weight = network.weight(`${name}/weight`, [...kernel, channels, 1], area, area);
  return network.builder.node(
    name,
    depthwiseConv2d,
    { strides, padding, dilations: [1, 1], activation: 'none' },
    [input, weight, ...biasOf(network, name, channels, bias)],
  );
}

export interface TransposeConvLayerOptions {
  /** Output channels. */
  readonly filters: number;
  readonly kernel: Pair;
  /** How many times as many rows and columns the output has. */
  readonly strides: Pair;
  readonly bias?: boolean;
}

/** Transposed convolution to an image of `strides` times the extents: weight '<name>/weight', bias '<name>/bias' 0. */
export function transposeConvLayer(
  network: Network,
  name: string,
  input: Id,
  options: TransposeConvLayerOptions,
): Id {
  const { filters, kernel, strides, bias = true } = options;
  const [, height, width, channels] = concrete(network.builder.typeOf(input).shape);
  const area = kernel[0] * kernel[1];
  // An output pixel sums over the taps that fall on it.
  const taps = area / (strides[0] * strides[1]);
  const weight = network.weight(
    `${name}/weight`,
    [...kernel, channels, filters],
    taps * channels,
    area * filters,
  );
  return network.builder.node(
    name,
    transposeConv2d,
    {
      strides,
      padding: 'same',
      outputSize: [height * strides[0], width * strides[1]],
      activation: 'none',
    },
    [input, weight, ...biasOf(network, name, filters, bias)],
  );
}

/**
 * (k - 1) / 2 rows and columns on each side for odd kernels: PyTorch's usual padding. It differs from 'same' where strides
 * are above 1: that has the odd row and column at the bottom right.
 */
export function centeredPadding([height, width]: Pair): Padding {
  const [rows, columns] = [(height - 1) / 2, (width - 1) / 2];
  return { top: rows, bottom: rows, left: columns, right: columns };
}

/** Extent of a value's last axis. */
export function channelsOf(network: Network, id: Id): number {
  return concrete(network.builder.typeOf(id).shape).at(-1)!;
}

/** The bias '<layer>/bias' of zeros, or nothing. */
export function biasOf(network: Network, layer: string, outputs: number, wanted: boolean): Id[] {
  return wanted ? [network.parameter(`${layer}/bias`, 'bias', () => constant([outputs], 0))] : [];
}
