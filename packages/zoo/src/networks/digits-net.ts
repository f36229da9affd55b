import type { Model } from '@whittle/core';
import { convBnActivation } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { flattenLayer, maxPoolLayer } from '../layers/index.js';
import { expectInteger } from '../network.js';

export interface DigitsNetOptions extends ClassifierOptions {
  /** Channels of the first block; the others have 2, 3 and 2 times as many. 16 unless told. */
  readonly width?: number;
}

/**
 * A small convolutional network for handwritten digits, made to be slimmed: input [batch, 28, 28, 1]; four 3 x 3
 * convolutions at 28 x 28, 14 x 14, 7 x 7 and 3 x 3, each with batch norm and relu, 2 x 2 maxima between them; flatten,
 * dense, softmax.
 * At width 16 and 10 classes 35,546 trainable parameters (35,802 with batch-norm statistics) and 1,820,736 MACs.
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
        let features = input;
        [width, 2 * width, 3 * width, 2 * width].forEach((filters, i) => {
          if (i > 0) features = maxPoolLayer(network, `pool${i}`, features, { size: 2 });
          features = convBnActivation(network, `conv${i + 1}`, features, { filters, kernel: [3, 3] });
        });
        return flattenLayer(network, 'flat', features);
      },
    },
    rest,
  );
}
