import { add, concrete, maxPool2d, pad } from '@whittle/core';
import type { Id, Pair } from '@whittle/core';
import { activationLayer, batchNormLayer, channelsOf, convLayer, depthwiseLayer } from './layers.js';
import type { Activation, ConvLayerOptions } from './layers.js';
import type { Network } from './network.js';

export interface ConvBnOptions extends Omit<ConvLayerOptions, 'bias'> {
  /** 'relu' unless told. */
  readonly activation?: Activation;
}

/** Convolution without bias '<name>', batch norm '<name>/bn', activation '<name>/relu' (or its name). */
export function convBnActivation(network: Network, name: string, input: Id, options: ConvBnOptions): Id {
  return normalizeAndActivate(
    network,
    name,
    convLayer(network, name, input, { ...options, bias: false }),
    options,
  );
}

export interface DepthwiseSeparableOptions {
  /** Output channels. */
  readonly filters: number;
  /** Kernel of the depthwise convolution; 3 x 3 unless told. */
  readonly kernel?: Pair;
  /** Strides of the depthwise convolution. */
  readonly strides?: Pair;
  readonly activation?: Activation;
}

/**
 * Depthwise convolution '<name>/depthwise' and 1 x 1 convolution '<name>/pointwise', each with batch norm and activation
 * (MobileNet, Howard et al. 2017, section 3.1).
 */
export function depthwiseSeparable(
  network: Network,
  name: string,
  input: Id,
  options: DepthwiseSeparableOptions,
): Id {
  const { filters, kernel = [3, 3], strides, activation } = options;
  const depthwise = `${name}/depthwise`;
  const filtered = depthwiseLayer(network, depthwise, input, { kernel, strides });
  const spatial = normalizeAndActivate(network, depthwise, filtered, { activation });
  return convBnActivation(network, `${name}/pointwise`, spatial, { filters, kernel: [1, 1], activation });
}

/**
 * How a residual block's input is brought to the shape of its output, where they differ (He et al. 2015, section 3.3):
 * 'padding' takes every stride-th pixel and appends zero channels (option A, no parameters; the trunk's channels can't be
 * pruned past the padding); 'projection' is a 1 x 1 convolution with bias (option B).
 */
export type Shortcut = 'padding' | 'projection';

export interface ResidualBlockOptions {
  /** Output channels; at least those of the input where the shortcut is by padding. */
  readonly filters: number;
  /** Of the first convolution and the shortcut: 1 unless told. */
  readonly stride?: number;
  readonly shortcut: Shortcut;
}

/** relu(shortcut(x) + bn(conv(relu(bn(conv(x)))))) with 3 x 3 kernels (He et al. 2015, figure 2). */
export function residualBlock(network: Network, name: string, input: Id, options: ResidualBlockOptions): Id {
  const { filters, stride = 1 } = options;
  const strides: Pair = [stride, stride];
  const first = convBnActivation(network, `${name}/conv1`, input, { filters, kernel: [3, 3], strides });
  const second = convBnActivation(network, `${name}/conv2`, first, {
    filters,
    kernel: [3, 3],
    activation: 'none',
  });
  const kept = stride === 1 && channelsOf(network, input) === filters;
  const shortcut = kept ? input : shortcutOf(network, `${name}/shortcut`, input, filters, strides, options);
  const sum = network.builder.node(`${name}/add`, add, { activation: 'none' }, [shortcut, second]);
  return activationLayer(network, `${name}/relu`, sum, 'relu');
}

function shortcutOf(
  network: Network,
  name: string,
  input: Id,
  filters: number,
  strides: Pair,
  { shortcut }: ResidualBlockOptions,
): Id {
  if (shortcut === 'projection')
    return convLayer(network, name, input, { filters, kernel: [1, 1], strides, bias: true });
  const sampled = network.builder.node(
    `${name}/sample`,
    maxPool2d,
    { size: [1, 1], strides, padding: 'valid', activation: 'none' },
    [input],
  );
  const missing = filters - concrete(network.builder.typeOf(input).shape)[3];
  const none: [number, number] = [0, 0];
  return network.builder.node(name, pad, { paddings: [none, none, none, [0, missing]], value: 0 }, [sampled]);
}

function normalizeAndActivate(
  network: Network,
  name: string,
  input: Id,
  { activation = 'relu' }: { readonly activation?: Activation },
): Id {
  const normalized = batchNormLayer(network, `${name}/bn`, input);
  return activationLayer(network, `${name}/${activation}`, normalized, activation);
}
