import type { Model } from '@whittle/core';
import { convBnActivation, invertedResidual } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import { channelsOf, globalAveragePool } from '../layers/index.js';
import { expectPositive } from '../network.js';
import { divisibleChannels } from './divisible-channels.js';
import type { MobileNetOptions } from './mobilenet-v1.js';

/** Expansion, kernel, stride of the first block, output channels and blocks. */
const stages = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const;

/**
 * EfficientNet-B0 (Tan and Le 2019, table 1): input [batch, 224, 224, 3], inverted residuals with squeeze and excitation to
 * a quarter of a block's input channels, swish; channels scaled by `alpha` to multiples of 8; 'same' padding, no stochastic
 * depth.
 * @throws OPTION_INVALID
 */
export function efficientnetB0({ alpha = 1, ...options }: MobileNetOptions = {}): Model {
  expectPositive('alpha', alpha);
  const activation = 'swish';
  return buildClassifier(
    {
      name: `efficientnet-b0-${alpha}`,
      input: [224, 224, 3],
      classes: 1000,
      features(network, input) {
        let features = convBnActivation(network, 'conv1', input, {
          filters: divisibleChannels(32 * alpha),
          kernel: [3, 3],
          strides: [2, 2],
          activation,
        });
        stages.forEach(([expansion, kernel, firstStride, channels, count], stage) => {
          const filters = divisibleChannels(channels * alpha);
          for (let block = 0; block < count; block++) {
            const inputs = channelsOf(network, features);
            features = invertedResidual(network, `stage${stage + 1}/block${block + 1}`, features, {
              expanded: expansion * inputs,
              filters,
              kernel,
              stride: block === 0 ? firstStride : 1,
              activation,
              squeeze: { squeezed: Math.max(1, Math.floor(inputs / 4)), activation },
            });
          }
        });
        const filters = divisibleChannels(1280 * alpha);
        features = convBnActivation(network, 'last', features, { filters, kernel: [1, 1], activation });
        return globalAveragePool(network, 'average', features);
      },
    },
    options,
  );
}
