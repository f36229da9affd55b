import type { Id, Model } from '@whittle/core';
import { convBnActivation } from '../blocks/index.js';
import { classesOf, probabilitiesOutput } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { concatLayer, convLayer, maxPoolLayer, transposeConvLayer } from '../layers/index.js';
import { createNetwork, expectInteger, expectOption, inputLayer } from '../network.js';
import type { Network } from '../network.js';

export interface UnetOptions extends ClassifierOptions {
  /** Channels at full size; each level below has twice as many. 64 unless told. */
  readonly width?: number;
  /** How often rows and columns are halved: 4 unless told. They must divide. */
  readonly depth?: number;
}

/**
 * U-Net (Ronneberger et al. 2015, figure 1) as it is built today, with batch norm and 'same' padding: input
 * [batch, 256, 256, 3]; two 3 x 3 convolutions at each level, 2 x 2 maxima on the way down, 2 x 2 transposed convolutions
 * on the way up, each joined with what the level had on the way down. Output 'probabilities' [batch, H, W, classes], 2 of
 * them unless told, for each pixel.
 * @throws OPTION_INVALID
 */
export function unet({ width = 64, depth = 4, ...options }: UnetOptions = {}): Model {
  expectInteger('width', width, 1);
  expectInteger('depth', depth, 1);
  const filters = classesOf(options, 2);
  const network = createNetwork('unet', options);
  const input = inputLayer(network, 'input', [256, 256, 3], options);
  const extents = network.builder.typeOf(input).shape.slice(1, 3);
  expectOption(
    extents.every((extent) => Number(extent) % 2 ** depth === 0),
    () => `input must be halved ${depth} times, found ${extents.join(' x ')}`,
  );
  const skips: Id[] = [];
  let features = convPair(network, 'down0', input, width);
  for (let level = 1; level <= depth; level++) {
    skips.push(features);
    const pooled = maxPoolLayer(network, `pool${level}`, features, { size: 2 });
    features = convPair(network, `down${level}`, pooled, width << level);
  }
  for (let level = depth - 1; level >= 0; level--) {
    const raised = transposeConvLayer(network, `up${level}/raise`, features, {
      filters: width << level,
      kernel: [2, 2],
      strides: [2, 2],
    });
    const joined = concatLayer(network, `up${level}/concat`, [skips[level], raised]);
    features = convPair(network, `up${level}`, joined, width << level);
  }
  probabilitiesOutput(network, convLayer(network, 'logits', features, { filters, kernel: [1, 1] }), options);
  return network.builder.finish();
}

function convPair(network: Network, name: string, input: Id, filters: number): Id {
  const first = convBnActivation(network, `${name}/conv1`, input, { filters, kernel: [3, 3] });
  return convBnActivation(network, `${name}/conv2`, first, { filters, kernel: [3, 3] });
}
