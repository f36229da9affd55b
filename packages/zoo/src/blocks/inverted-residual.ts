import type { Id } from '@whittle/core';
import { channelsOf } from '../layers/index.js';
import type { Activation } from '../layers/index.js';
import type { Network } from '../network.js';
import { convBnActivation, depthwiseBnActivation } from './conv-bn.js';
import { joinShortcut } from './shortcut.js';
import { squeezeExcite } from './squeeze-excite.js';
import type { SqueezeExciteOptions } from './squeeze-excite.js';

export interface InvertedResidualOptions {
  /** Channels of the depthwise convolution. */
  readonly expanded: number;
  /** Output channels. */
  readonly filters: number;
  /** Rows and columns of the depthwise kernel. */
  readonly kernel: number;
  readonly stride: number;
  readonly activation: Activation;
  /** Squeeze and excitation behind the depthwise convolution; none unless told. */
  readonly squeeze?: SqueezeExciteOptions;
}

/**
 * 1 x 1 convolution '<name>/expand' where channels are expanded, depthwise one '<name>/depthwise', squeeze and excitation
 * '<name>/se', 1 x 1 convolution '<name>/project' without activation, and the sum with the input where shapes agree
 * (Sandler et al. 2018, figure 4b; with squeeze and excitation Howard et al. 2019, figure 4).
 */
export function invertedResidual(
  network: Network,
  name: string,
  input: Id,
  options: InvertedResidualOptions,
): Id {
  const { expanded, filters, kernel, stride, activation, squeeze } = options;
  const channels = channelsOf(network, input);
  let features = input;
  if (expanded !== channels)
    features = convBnActivation(network, `${name}/expand`, features, {
      filters: expanded,
      kernel: [1, 1],
      activation,
    });
  features = depthwiseBnActivation(network, `${name}/depthwise`, features, {
    kernel: [kernel, kernel],
    strides: [stride, stride],
    activation,
  });
  if (squeeze) features = squeezeExcite(network, `${name}/se`, features, squeeze);
  const projected = convBnActivation(network, `${name}/project`, features, {
    filters,
    kernel: [1, 1],
    activation: 'none',
  });
  return stride === 1 && channels === filters
    ? joinShortcut(network, `${name}/add`, input, projected)
    : projected;
}
