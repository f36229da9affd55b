import type { Model } from '@whittle/core';
import { convBnActivation, depthwiseSeparable } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { globalAveragePool } from '../layers/index.js';
import { expectInteger } from '../network.js';

export interface DsCnnOptions extends ClassifierOptions {
  /** Channels of every layer: 64 unless told. */
  readonly width?: number;
}

/**
 * DS-CNN for keyword spotting (Zhang et al. 2017) as MLPerf Tiny has it (Banbury et al. 2021): input [batch, 49, 10, 1],
 * 49 frames of 10 cepstral coefficients; a 10 x 4 convolution of stride 2, four depthwise separable blocks at 25 x 5.
 * It leaves out dropout, and the biases that the reference has in front of batch norms.
 * At width 64 and 12 classes 23,180 trainable parameters (24,332 with batch-norm statistics) and 2,656,768 MACs.
 * @throws OPTION_INVALID
 */
export function dsCnn(options: DsCnnOptions = {}): Model {
  const { width = 64, ...rest } = options;
  expectInteger('width', width, 1);
  return buildClassifier(
    {
      name: 'ds-cnn',
      input: [49, 10, 1],
      classes: 12,
      features(network, input) {
        let features = convBnActivation(network, 'conv1', input, {
          filters: width,
          kernel: [10, 4],
          strides: [2, 2],
        });
        for (let block = 1; block <= 4; block++)
          features = depthwiseSeparable(network, `block${block}`, features, { filters: width });
        return globalAveragePool(network, 'average', features);
      },
    },
    rest,
  );
}
