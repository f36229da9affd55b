import type { Id, Model } from '@whittle/core';
import { bnActivation, denseBlock, denseTransition, imagenetStem } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { convLayer, globalAveragePool } from '../layers/index.js';
import { expectInteger } from '../network.js';
import type { Network } from '../network.js';

export interface DenseNetOptions extends ClassifierOptions {
  /** Channels that each layer adds: k. */
  readonly growth?: number;
  /** Channels of the first convolution. */
  readonly width?: number;
}

/**
 * DenseNet-40 for CIFAR without bottlenecks (Huang et al. 2017, section 4.2): input [batch, 32, 32, 3], a 3 x 3 convolution
 * to 16 channels, three blocks of 12 layers, transitions that keep all channels; k = 12 unless told.
 * @throws OPTION_INVALID
 */
export function densenet40({ growth = 12, width = 16, ...options }: DenseNetOptions = {}): Model {
  expectInteger('growth', growth, 1);
  expectInteger('width', width, 1);
  return buildClassifier(
    {
      name: 'densenet-40',
      input: [32, 32, 3],
      classes: 10,
      features(network, input) {
        const stem = convLayer(network, 'conv1', input, { filters: width, kernel: [3, 3], bias: false });
        return denseBlocks(network, stem, [12, 12, 12], growth, { compression: 1 });
      },
    },
    options,
  );
}

/**
 * DenseNet-121 for ImageNet (Huang et al. 2017, table 1) in torchvision's layout: input [batch, 224, 224, 3], a 7 x 7
 * convolution to 2 k channels and a 3 x 3 maximum of stride 2, padded on all sides; blocks of 6, 12, 24 and 16 layers with bottlenecks of
 * 4 k channels, transitions that halve the channels; k = 32 unless told.
 * @throws OPTION_INVALID
 */
export function densenet121({ growth = 32, width = 2 * growth, ...options }: DenseNetOptions = {}): Model {
  expectInteger('growth', growth, 1);
  expectInteger('width', width, 1);
  return buildClassifier(
    {
      name: 'densenet-121',
      input: [224, 224, 3],
      classes: 1000,
      features(network, input) {
        const pooled = imagenetStem(network, input, width);
        const shape = { compression: 0.5, bottleneck: 4 * growth };
        return denseBlocks(network, pooled, [6, 12, 24, 16], growth, shape);
      },
    },
    options,
  );
}

function denseBlocks(
  network: Network,
  input: Id,
  layers: readonly number[],
  growth: number,
  { compression, bottleneck }: { readonly compression: number; readonly bottleneck?: number },
): Id {
  let features = input;
  layers.forEach((count, i) => {
    if (i > 0) features = denseTransition(network, `transition${i}`, features, compression);
    features = denseBlock(network, `block${i + 1}`, features, { layers: count, growth, bottleneck });
  });
  return globalAveragePool(network, 'average', bnActivation(network, 'last', features));
}
