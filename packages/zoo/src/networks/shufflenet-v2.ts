import type { Model } from '@whittle/core';
import { convBnActivation, splitShuffleUnit } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { centeredPadding, globalAveragePool, maxPoolLayer } from '../layers/index.js';
import { expectInteger, expectOption } from '../network.js';

/** Channels of the second stage and of the last convolution. */
const sizes = { 0.5: [48, 1024], 1: [116, 1024], 1.5: [176, 1024], 2: [244, 2048] } as const;

export interface ShuffleNetV2Options extends ClassifierOptions {
  /** One of the paper's sizes: 1 unless told. */
  readonly scale?: keyof typeof sizes;
  /** Channels of the second stage, even; that of `scale` unless told. The others have 2 and 4 times as many. */
  readonly width?: number;
}

/**
 * ShuffleNet V2 (Ma et al. 2018, table 5) in torchvision's layout: input [batch, 224, 224, 3], a 3 x 3 convolution and a
 * maximum of stride 2, three stages of 4, 8 and 4 units, a 1 x 1 convolution. Padding on all sides.
 * @throws OPTION_INVALID
 */
export function shufflenetV2({ scale = 1, width, ...options }: ShuffleNetV2Options = {}): Model {
  expectOption(
    scale in sizes,
    () => `scale must be one of ${Object.keys(sizes).sort().join(', ')}, found ${scale}`,
  );
  const [usual, last] = sizes[scale];
  const first = width ?? usual;
  expectInteger('width', first, 2);
  expectOption(first % 2 === 0, () => `width must be even, found ${first}`);
  return buildClassifier(
    {
      name: `shufflenet-v2-${scale}`,
      input: [224, 224, 3],
      classes: 1000,
      features(network, input) {
        const padding = centeredPadding([3, 3]);
        const stem = convBnActivation(network, 'conv1', input, {
          filters: 24,
          kernel: [3, 3],
          strides: [2, 2],
          padding,
        });
        let features = maxPoolLayer(network, 'pool1', stem, { size: 3, stride: 2, padding });
        [4, 8, 4].forEach((units, stage) => {
          for (let unit = 0; unit < units; unit++)
            features = splitShuffleUnit(network, `stage${stage + 2}/unit${unit + 1}`, features, {
              filters: first << stage,
              stride: unit === 0 ? 2 : 1,
            });
        });
        features = convBnActivation(network, 'conv5', features, { filters: last, kernel: [1, 1] });
        return globalAveragePool(network, 'average', features);
      },
    },
    options,
  );
}
