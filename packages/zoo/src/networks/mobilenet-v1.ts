import type { Model, Pair } from '@whittle/core';
import { convBnActivation, depthwiseSeparable } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { globalAveragePool } from '../layers/index.js';
import { expectPositive } from '../network.js';

export interface MobileNetOptions extends ClassifierOptions {
  /** Width multiplier, above 0: 1 unless told. */
  readonly alpha?: number;
}

/** Output channels and stride of the depthwise separable blocks. */
const blocks: readonly (readonly [number, 1 | 2])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  ...Array.from({ length: 5 }, () => [512, 1] as const),
  [1024, 2],
  [1024, 1],
];

/**
 * MobileNet (Howard et al. 2017, table 1) in Keras's layout: input [batch, 224, 224, 3], 'same' padding, relu6, channels
 * rounded down. With `alpha: 0.25`, `input: [96, 96, 3]` and two classes it is MLPerf Tiny's reference for visual wake
 * words, without the biases that one has in front of batch norms.
 * @throws OPTION_INVALID
 */
export function mobilenetV1({ alpha = 1, ...options }: MobileNetOptions = {}): Model {
  expectPositive('alpha', alpha);
  const scaled = (channels: number) => Math.max(1, Math.floor(channels * alpha));
  return buildClassifier(
    {
      name: `mobilenet-v1-${alpha}`,
      input: [224, 224, 3],
      classes: 1000,
      features(network, input) {
        let features = convBnActivation(network, 'conv1', input, {
          filters: scaled(32),
          kernel: [3, 3],
          strides: [2, 2],
          activation: 'relu6',
        });
        blocks.forEach(([channels, stride], i) => {
          const strides: Pair = [stride, stride];
          const block = { filters: scaled(channels), strides, activation: 'relu6' } as const;
          features = depthwiseSeparable(network, `block${i + 1}`, features, block);
        });
        return globalAveragePool(network, 'average', features);
      },
    },
    options,
  );
}
