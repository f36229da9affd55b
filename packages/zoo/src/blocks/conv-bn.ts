import type { Id } from '@whittle/core';
import { activationLayer, batchNormLayer, convLayer, depthwiseLayer } from '../layers/index.js';
import type { Activation, ConvLayerOptions, DepthwiseLayerOptions } from '../layers/index.js';
import type { Network } from '../network.js';

export interface ConvBnOptions extends ConvLayerOptions {
  /** 'relu' unless told. */
  readonly activation?: Activation;
}

/** Convolution '<name>', without bias unless told, batch norm '<name>/bn', activation '<name>/relu' (or its name). */
export function convBnActivation(network: Network, name: string, input: Id, options: ConvBnOptions): Id {
  const sums = convLayer(network, name, input, { bias: false, ...options });
  return bnActivation(network, name, sums, options.activation);
}

export interface DepthwiseBnOptions extends DepthwiseLayerOptions {
  /** 'relu' unless told. */
  readonly activation?: Activation;
}

/** Depthwise convolution '<name>', batch norm '<name>/bn', activation '<name>/relu' (or its name). */
export function depthwiseBnActivation(
  network: Network,
  name: string,
  input: Id,
  options: DepthwiseBnOptions,
): Id {
  return bnActivation(network, name, depthwiseLayer(network, name, input, options), options.activation);
}

/** Batch norm '<name>/bn' and activation '<name>/relu' (or its name). */
export function bnActivation(network: Network, name: string, input: Id, activation: Activation = 'relu'): Id {
  return activationLayer(
    network,
    `${name}/${activation}`,
    batchNormLayer(network, `${name}/bn`, input),
    activation,
  );
}

/** Batch norm '<name>/bn', relu '<name>/relu' and convolution '<name>' without bias: the order of pre-activation. */
export function bnReluConv(network: Network, name: string, input: Id, options: ConvLayerOptions): Id {
  return convLayer(network, name, bnActivation(network, name, input), { bias: false, ...options });
}
