import type { Id, Model } from '@whittle/core';
import { convBnActivation } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import {
  activationLayer,
  denseLayer,
  flattenLayer,
  globalAveragePool,
  maxPoolLayer,
} from '../layers/index.js';
import { expectInteger } from '../network.js';
import type { Network } from '../network.js';

export interface VggOptions extends ClassifierOptions {
  /** Channels of the first stage; the others have 2, 4, 8 and 8 times as many. 64 unless told. */
  readonly width?: number;
}

const multiples = [1, 2, 4, 8, 8] as const;
const convolutions16 = [2, 2, 3, 3, 3] as const;
const convolutions19 = [2, 2, 4, 4, 4] as const;

/**
 * VGG-16 for CIFAR: the 13 convolutions of Simonyan and Zisserman 2015 (column D), each with batch norm and no bias, input
 * [batch, 32, 32, 3], a maximum over 2 x 2 pixels between stages, the mean of the last 2 x 2, and one dense layer.
 * @throws OPTION_INVALID
 */
export function vgg16(options: VggOptions = {}): Model {
  return cifarVgg('vgg-16', convolutions16, options);
}

/** `vgg16` of a quarter of the width, to be trained in minutes. @throws OPTION_INVALID */
export function vgg16Slim(options: VggOptions = {}): Model {
  return cifarVgg('vgg-16-slim', convolutions16, { width: 16, ...options });
}

/** As `vgg16`, with 16 convolutions: what Network Slimming prunes (Liu et al. 2017, section 4.2). @throws OPTION_INVALID */
export function vgg19(options: VggOptions = {}): Model {
  return cifarVgg('vgg-19', convolutions19, options);
}

/**
 * VGG-19 for ImageNet with batch norm, in torchvision's layout: input [batch, 224, 224, 3], biases in front of batch norms,
 * and three dense layers, the first two of 64 times `width`.
 * @throws OPTION_INVALID
 */
export function vgg19Imagenet({ width = 64, ...options }: VggOptions = {}): Model {
  expectInteger('width', width, 1);
  return buildClassifier(
    {
      name: 'vgg-19-imagenet',
      input: [224, 224, 3],
      classes: 1000,
      features(network, input) {
        const stages = vggStages(network, input, convolutions19, width, true);
        const pooled = maxPoolLayer(network, 'pool5', stages, { size: 2 });
        return ['dense1', 'dense2'].reduce(
          (from: Id, name) => {
            const sums = denseLayer(network, name, from, { units: 64 * width });
            return activationLayer(network, `${name}/relu`, sums, 'relu');
          },
          flattenLayer(network, 'flat', pooled),
        );
      },
    },
    options,
  );
}

function cifarVgg(
  name: string,
  convolutions: readonly number[],
  { width = 64, ...options }: VggOptions,
): Model {
  expectInteger('width', width, 1);
  return buildClassifier(
    {
      name,
      input: [32, 32, 3],
      classes: 10,
      features: (network, input) =>
        globalAveragePool(network, 'average', vggStages(network, input, convolutions, width, false)),
    },
    options,
  );
}

/** Stages of 3 x 3 convolutions with batch norm and relu, 2 x 2 maxima between them. */
function vggStages(
  network: Network,
  input: Id,
  convolutions: readonly number[],
  width: number,
  bias: boolean,
): Id {
  let features = input;
  convolutions.forEach((count, stage) => {
    if (stage > 0) features = maxPoolLayer(network, `pool${stage}`, features, { size: 2 });
    for (let i = 1; i <= count; i++)
      features = convBnActivation(network, `stage${stage + 1}/conv${i}`, features, {
        filters: width * multiples[stage],
        kernel: [3, 3],
        bias,
      });
  });
  return features;
}
