import type { Model } from '@whittle/core';
import { convBnActivation, groupedShuffleUnit } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { channelsOf, globalAveragePool, maxPoolLayer } from '../layers/index.js';
import { expectOption, expectPositive } from '../network.js';

/** Channels of the second stage by the number of groups, so that all networks take about as many MACs. */
const widths = { 1: 144, 2: 200, 3: 240, 4: 272, 8: 384 } as const;

export interface ShuffleNetV1Options extends ClassifierOptions {
  /** Groups of the 1 x 1 convolutions: 3 unless told. */
  readonly groups?: keyof typeof widths;
  /** Times as many channels: 1 unless told, such that a quarter of them divides into the groups (1/2 and 1/4 do for 3). */
  readonly scale?: number;
}

/**
 * ShuffleNet (Zhang et al. 2018, table 1): input [batch, 224, 224, 3], a 3 x 3 convolution and a maximum of stride 2,
 * three stages of 4, 8 and 4 units; the first 1 x 1 convolution has one group. 'same' padding.
 * @throws OPTION_INVALID
 */
export function shufflenetV1({ groups = 3, scale = 1, ...options }: ShuffleNetV1Options = {}): Model {
  expectPositive('scale', scale);
  expectOption(
    groups in widths,
    () => `groups must be one of ${Object.keys(widths).join(', ')}, found ${groups}`,
  );
  const first = scale * 24;
  const width = scale * widths[groups];
  expectOption(
    Number.isInteger(first) && width % (4 * groups) === 0 && (width - first) % groups === 0,
    () => `scale must give ${first} and ${width} channels that divide into ${groups} groups, found ${scale}`,
  );
  return buildClassifier(
    {
      name: `shufflenet-v1-${scale}-g${groups}`,
      input: [224, 224, 3],
      classes: 1000,
      features(network, input) {
        const stem = convBnActivation(network, 'conv1', input, {
          filters: first,
          kernel: [3, 3],
          strides: [2, 2],
        });
        let features = maxPoolLayer(network, 'pool1', stem, { size: 3, stride: 2, padding: 'same' });
        [4, 8, 4].forEach((units, stage) => {
          for (let unit = 0; unit < units; unit++) {
            const id = `stage${stage + 2}/unit${unit + 1}`;
            features = groupedShuffleUnit(network, id, features, {
              filters: width << stage,
              stride: unit === 0 ? 2 : 1,
              groups,
              firstGroups: channelsOf(network, features) === first ? 1 : groups,
            });
          }
        });
        return globalAveragePool(network, 'average', features);
      },
    },
    options,
  );
}
