import type { Model } from '@whittle/core';
import { convBnActivation, invertedResidual } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import { channelsOf, globalAveragePool } from '../layers/index.js';
import { expectPositive } from '../network.js';
import { divisibleChannels } from './divisible-channels.js';
import type { MobileNetOptions } from './mobilenet-v1.js';

/** Expansion, output channels, blocks and stride of the first one. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/**
 * MobileNetV2 (Sandler et al. 2018, table 2): input [batch, 224, 224, 3], channels scaled by `alpha` to multiples of 8,
 * the last 1280 by `alpha` above 1 only, 'same' padding as Keras has it.
 * @throws OPTION_INVALID
 */
export function mobilenetV2({ alpha = 1, ...options }: MobileNetOptions = {}): Model {
  expectPositive('alpha', alpha);
  const activation = 'relu6';
  return buildClassifier(
    {
      name: `mobilenet-v2-${alpha}`,
      input: [224, 224, 3],
      classes: 1000,
      features(network, input) {
        let features = convBnActivation(network, 'conv1', input, {
          filters: divisibleChannels(32 * alpha),
          kernel: [3, 3],
          strides: [2, 2],
          activation,
        });
        stages.forEach(([expansion, channels, count, firstStride], stage) => {
          const filters = divisibleChannels(channels * alpha);
          for (let block = 0; block < count; block++) {
            const expanded = expansion * channelsOf(network, features);
            const stride = block === 0 ? firstStride : 1;
            const id = `stage${stage + 1}/block${block + 1}`;
            const options = { expanded, filters, kernel: 3, stride, activation } as const;
            features = invertedResidual(network, id, features, options);
          }
        });
        const filters = divisibleChannels(1280 * Math.max(1, alpha));
        features = convBnActivation(network, 'last', features, { filters, kernel: [1, 1], activation });
        return globalAveragePool(network, 'average', features);
      },
    },
    options,
  );
}
