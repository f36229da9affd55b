import type { Model } from '@whittle/core';
import { convBnActivation, invertedResidual } from '../blocks/index.js';
import type { InvertedResidualOptions } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import { channelsOf, globalAveragePool } from '../layers/index.js';
import { divisibleChannels } from './divisible-channels.js';
import type { MobileNetOptions } from './mobilenet-v1.js';

/** Blocks alike, but for the stride, which is 1 from the second on. */
export interface InvertedResidualStage {
  /** Channels of the depthwise convolution as a multiple of a block's input channels. */
  readonly expansion: number;
  readonly kernel: number;
  /** Of the first block. */
  readonly stride: number;
  /** Output channels before they are scaled. */
  readonly channels: number;
  readonly blocks: number;
}

export interface InvertedResidualNetwork {
  readonly name: string;
  /** Scales the channels, to multiples of 8. */
  readonly alpha: number;
  readonly activation: InvertedResidualOptions['activation'];
  readonly stages: readonly InvertedResidualStage[];
  /** Squeeze and excitation of a block by its input channels; none unless told. */
  readonly squeeze?: (inputs: number) => InvertedResidualOptions['squeeze'];
  /** Channels of the last convolution. */
  readonly last: number;
}

/**
 * A classifier of [batch, 224, 224, 3] with a 3 x 3 convolution of stride 2 to 32 channels, stages of inverted residuals, and a 1 x 1
 * convolution in front of the average.
 */
export function invertedResidualNetwork(
  { name, alpha, activation, stages, squeeze, last }: InvertedResidualNetwork,
  options: Omit<MobileNetOptions, 'alpha'>,
): Model {
  return buildClassifier(
    {
      name,
      input: [224, 224, 3],
      classes: 1000,
      features(network, input) {
        let features = convBnActivation(network, 'conv1', input, {
          filters: divisibleChannels(32 * alpha),
          kernel: [3, 3],
          strides: [2, 2],
          activation,
        });
        stages.forEach(({ expansion, kernel, stride, channels, blocks }, stage) => {
          for (let block = 0; block < blocks; block++) {
            const inputs = channelsOf(network, features);
            features = invertedResidual(network, `stage${stage + 1}/block${block + 1}`, features, {
              expanded: expansion * inputs,
              filters: divisibleChannels(channels * alpha),
              kernel,
              stride: block === 0 ? stride : 1,
              activation,
              squeeze: squeeze?.(inputs),
            });
          }
        });
        features = convBnActivation(network, 'last', features, { filters: last, kernel: [1, 1], activation });
        return globalAveragePool(network, 'average', features);
      },
    },
    options,
  );
}
