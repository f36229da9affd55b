import type { Id, Pair } from '@whittle/core';
import type { Activation } from '../layers/index.js';
import type { Network } from '../network.js';
import { convBnActivation, depthwiseBnActivation } from './conv-bn.js';

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
  const spatial = depthwiseBnActivation(network, `${name}/depthwise`, input, { kernel, strides, activation });
  return convBnActivation(network, `${name}/pointwise`, spatial, { filters, kernel: [1, 1], activation });
}
