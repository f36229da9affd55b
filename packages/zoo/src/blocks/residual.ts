import type { Id, Padding, Pair } from '@whittle/core';
import { activationLayer, centeredPadding } from '../layers/index.js';
import type { Network } from '../network.js';
import { convBnActivation } from './conv-bn.js';
import { joinShortcut, shortcutOf } from './shortcut.js';
import type { Shortcut } from './shortcut.js';
import { squeezeExcite } from './squeeze-excite.js';

export interface ResidualBlockOptions {
  /** Output channels; at least those of the input where the shortcut is by padding. */
  readonly filters: number;
  /** Of the 3 x 3 convolution that may have one, and of the shortcut: 1 unless told. */
  readonly stride?: number;
  readonly shortcut: Shortcut;
  /** Whether strided convolutions are padded on all sides, as PyTorch has it; 'same' unless told. */
  readonly centered?: boolean;
  /** Channels of squeeze and excitation in front of the sum; none unless told. */
  readonly squeezed?: number;
}

/** relu(shortcut(x) + bn(conv(relu(bn(conv(x)))))) with 3 x 3 kernels (He et al. 2015, figure 2). */
export function residualBlock(network: Network, name: string, input: Id, options: ResidualBlockOptions): Id {
  const { filters } = options;
  const first = convBnActivation(network, `${name}/conv1`, input, { filters, ...strided(options) });
  const second = convBnActivation(network, `${name}/conv2`, first, {
    filters,
    kernel: [3, 3],
    activation: 'none',
  });
  return finishBlock(network, name, input, second, options);
}

/**
 * 1 x 1 convolution to a quarter of the channels, 3 x 3, and 1 x 1 (He et al. 2015, figure 5), the stride in the second
 * one as torchvision has it.
 */
export function bottleneckBlock(
  network: Network,
  name: string,
  input: Id,
  options: ResidualBlockOptions,
): Id {
  const { filters } = options;
  const narrow = filters / 4;
  const first = convBnActivation(network, `${name}/conv1`, input, { filters: narrow, kernel: [1, 1] });
  const second = convBnActivation(network, `${name}/conv2`, first, { filters: narrow, ...strided(options) });
  const third = convBnActivation(network, `${name}/conv3`, second, {
    filters,
    kernel: [1, 1],
    activation: 'none',
  });
  return finishBlock(network, name, input, third, options);
}

function strided({ stride = 1, centered = false }: ResidualBlockOptions) {
  const kernel: Pair = [3, 3];
  const strides: Pair = [stride, stride];
  const padding: Padding = centered && stride > 1 ? centeredPadding(kernel) : 'same';
  return { kernel, strides, padding };
}

function finishBlock(
  network: Network,
  name: string,
  input: Id,
  residual: Id,
  { filters, stride = 1, shortcut, squeezed }: ResidualBlockOptions,
): Id {
  const scaled =
    squeezed === undefined ? residual : squeezeExcite(network, `${name}/se`, residual, { squeezed });
  const kept = shortcutOf(network, `${name}/shortcut`, input, { filters, stride, shortcut });
  return activationLayer(network, `${name}/relu`, joinShortcut(network, `${name}/add`, kept, scaled), 'relu');
}
