import type { Model } from '@whittle/core';
import { convBnActivation } from './blocks.js';
import { globalAveragePool, maxPoolLayer } from './layers.js';
import { buildClassifier, expectInteger } from './network.js';
import type { NetworkOptions } from './network.js';

export interface DigitsNetOptions extends NetworkOptions {
  /** Channels of the first block; the others have 2, 3 and 3 times as many. 16 unless told. */
  readonly width?: number;
}

/**
 * A small convolutional network for handwritten digits, made to be slimmed: input [batch, 28, 28, 1]; four 3 x 3
 * convolutions, each with batch norm and relu, a 2 x 2 maximum behind the first two; global average, dense, softmax.
 * At width 16 and 10 classes 40,090 trainable parameters (40,378 with batch-norm statistics) and 2,709,984 MACs.
 * @throws OPTION_INVALID
 */
export function digitsNet(options: DigitsNetOptions = {}): Model {
  const { width = 16, ...rest } = options;
  expectInteger('width', width, 1);
  return buildClassifier(
    {
      name: 'digits-net',
      input: [28, 28, 1],
      classes: 10,
      features(network, input) {
        const conv = (name: string, from: string, filters: number) =>
          convBnActivation(network, name, from, { filters, kernel: [3, 3] });
        const strokes = maxPoolLayer(network, 'pool1', conv('conv1', input, width), 2);
        const corners = maxPoolLayer(network, 'pool2', conv('conv2', strokes, 2 * width), 2);
        return globalAveragePool(
          network,
          'average',
          conv('conv4', conv('conv3', corners, 3 * width), 3 * width),
        );
      },
    },
    rest,
  );
}
