import type { Id, Padding, Pair } from '@whittle/core';
import {
  activationLayer,
  averagePoolLayer,
  centeredPadding,
  channelShuffle,
  channelsOf,
  concatLayer,
  halvesOf,
} from '../layers/index.js';
import type { Network } from '../network.js';
import { convBnActivation, depthwiseBnActivation } from './conv-bn.js';
import { joinShortcut } from './shortcut.js';

const kernel: Pair = [3, 3];
const centered = centeredPadding(kernel);
const pointwise: Pair = [1, 1];

export interface ShuffleUnitOptions {
  /** Output channels. */
  readonly filters: number;
  /** 1, or 2 to halve rows and columns. */
  readonly stride: 1 | 2;
}

export interface GroupedShuffleUnitOptions extends ShuffleUnitOptions {
  /** Groups of the second 1 x 1 convolution, and of the shuffle. */
  readonly groups: number;
  /** Groups of the first 1 x 1 convolution: the same unless told. */
  readonly firstGroups?: number;
}

/**
 * ShuffleNet's unit (Zhang et al. 2018, figure 2b and c): grouped 1 x 1 convolution to a quarter of the channels, channel
 * shuffle, depthwise convolution, grouped 1 x 1 convolution; added to the input, or with stride 2 behind its mean over
 * 3 x 3 pixels. 'same' padding.
 */
export function groupedShuffleUnit(
  network: Network,
  name: string,
  input: Id,
  options: GroupedShuffleUnitOptions,
): Id {
  const { filters, stride, groups, firstGroups = groups } = options;
  const narrow = convBnActivation(network, `${name}/reduce`, input, {
    filters: filters / 4,
    kernel: pointwise,
    groups: firstGroups,
  });
  const shuffled = channelShuffle(network, `${name}/shuffle`, narrow, groups);
  const spatial = depthwise(network, `${name}/depthwise`, shuffled, stride, 'same');
  const wide = convBnActivation(network, `${name}/expand`, spatial, {
    filters: stride === 2 ? filters - channelsOf(network, input) : filters,
    kernel: pointwise,
    groups,
    activation: 'none',
  });
  const joined =
    stride === 1
      ? joinShortcut(network, `${name}/add`, input, wide)
      : concatLayer(network, `${name}/concat`, [
          averagePoolLayer(network, `${name}/pool`, input, { size: 3, stride: 2, padding: 'same' }),
          wide,
        ]);
  return activationLayer(network, `${name}/relu`, joined, 'relu');
}

/**
 * ShuffleNet V2's unit (Ma et al. 2018, figure 3c and d): half of the channels pass, the others go through 1 x 1,
 * depthwise and 1 x 1 convolution; with stride 2 all channels go both ways, the first way without the first 1 x 1. Then
 * both halves are shuffled. Strided convolutions are padded on all sides.
 */
export function splitShuffleUnit(network: Network, name: string, input: Id, options: ShuffleUnitOptions): Id {
  const { filters, stride } = options;
  const half = { filters: filters / 2, kernel: pointwise };
  const [kept, changed] = stride === 1 ? halvesOf(network, `${name}/split`, input) : [input, input];
  const passed =
    stride === 1
      ? kept
      : convBnActivation(
          network,
          `${name}/shortcut/pointwise`,
          depthwise(network, `${name}/shortcut/depthwise`, kept, stride, centered),
          half,
        );
  const first = convBnActivation(network, `${name}/conv1`, changed, half);
  const spatial = depthwise(network, `${name}/depthwise`, first, stride, stride === 1 ? 'same' : centered);
  const second = convBnActivation(network, `${name}/conv2`, spatial, half);
  const joined = concatLayer(network, `${name}/concat`, [passed, second]);
  return channelShuffle(network, `${name}/shuffle`, joined, 2);
}

function depthwise(network: Network, name: string, input: Id, stride: number, padding: Padding): Id {
  return depthwiseBnActivation(network, name, input, {
    kernel,
    strides: [stride, stride],
    padding,
    activation: 'none',
  });
}
