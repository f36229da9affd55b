import type { Id, Model } from '@whittle/core';
import { convBnActivation } from '../blocks/index.js';
import { classesOf, probabilitiesOutput } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { glorotUniform } from '../initializers.js';
import {
  activationLayer,
  concatLayer,
  denseLayer,
  flattenLayer,
  globalAveragePool,
  maxPoolLayer,
} from '../layers/index.js';
import { createNetwork, expectInteger, inputLayer, sharingParameters } from '../network.js';
import type { Network } from '../network.js';

export interface StereoNetOptions extends ClassifierOptions {
  /** Channels of the first convolution; the next have 2 and 4 times as many. 8 unless told. */
  readonly width?: number;
}

/**
 * A small network of two inputs and two outputs, with shared weights: images 'left' and 'right' [batch, 32, 32, 1] go
 * through the same three convolutions; what both give is joined and leads to 'probabilities' [batch, classes] and to
 * 'distance' [batch, 1].
 * @throws OPTION_INVALID
 */
export function stereoNet({ width = 8, ...options }: StereoNetOptions = {}): Model {
  expectInteger('width', width, 1);
  const classes = classesOf(options, 10);
  const network = createNetwork('stereo-net', options);
  const sides = ['left', 'right'].map((side) => ({
    side,
    image: inputLayer(network, side, [32, 32, 1], options),
  }));
  const shared = sharingParameters(network, (id) => id.replace(/^(left|right)\//, 'encoder/'));
  const encoded = sides.map(({ side, image }) => encoder(shared, side, image, width));
  const joined = concatLayer(network, 'joined', encoded);
  const both = convBnActivation(network, 'both', joined, { filters: 4 * width, kernel: [3, 3] });
  const averages = globalAveragePool(network, 'average', both);
  const logits = denseLayer(network, 'logits', averages, { units: classes, initializer: glorotUniform });
  probabilitiesOutput(network, logits, options);
  const place = flattenLayer(network, 'place', maxPoolLayer(network, 'place/pool', both, { size: 2 }));
  const hidden = denseLayer(network, 'place/dense', place, { units: 4 * width });
  const active = activationLayer(network, 'place/relu', hidden, 'relu');
  network.builder.output(denseLayer(network, 'distance', active, { units: 1, initializer: glorotUniform }));
  return network.builder.finish();
}

function encoder(network: Network, name: string, input: Id, width: number): Id {
  return [width, 2 * width, 4 * width].reduce((features, filters, i) => {
    const conv = convBnActivation(network, `${name}/conv${i + 1}`, features, { filters, kernel: [3, 3] });
    return maxPoolLayer(network, `${name}/pool${i + 1}`, conv, { size: 2 });
  }, input);
}
