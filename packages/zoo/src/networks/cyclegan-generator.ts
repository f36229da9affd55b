import type { Id, Model, Pair } from '@whittle/core';
import { joinShortcut } from '../blocks/index.js';
import {
  activationLayer,
  channelsOf,
  convLayer,
  instanceNormLayer,
  reflectionPad,
  transposeConvLayer,
} from '../layers/index.js';
import type { Activation } from '../layers/index.js';
import { createNetwork, expectInteger, inputLayer } from '../network.js';
import type { Network, NetworkOptions } from '../network.js';

export interface CycleGanOptions extends NetworkOptions {
  /** Channels of the first convolution: 64 unless told. */
  readonly width?: number;
  /** Residual blocks: 9 unless told. */
  readonly blocks?: number;
}

const strides: Pair = [2, 2];
const kernel: Pair = [3, 3];

/**
 * CycleGAN's generator (Zhu et al. 2017, appendix 7.2) with scales and offsets in its instance norms, as GAN Slimming
 * needs: input [batch, 256, 256, 3] in -1 to 1, its rows and columns divisible by 4; a 7 x 7 convolution, two of stride 2,
 * residual blocks, two transposed convolutions, a 7 x 7 convolution, tanh. Output 'image' of the input's shape.
 * Reflection in front of 7 x 7 convolutions and in blocks; 'same' padding elsewhere. Convolutions in front of norms keep
 * the bias that the original has.
 * @throws OPTION_INVALID
 */
export function cycleganGenerator({ width = 64, blocks = 9, ...options }: CycleGanOptions = {}): Model {
  expectInteger('width', width, 1);
  expectInteger('blocks', blocks, 0);
  const network = createNetwork('cyclegan-generator', options);
  const input = inputLayer(network, 'input', [256, 256, 3], options);
  let features = reflectedConv(network, 'conv1', input, width, 7);
  features = normActivation(network, 'conv1', features, 'relu');
  for (const [name, filters] of [
    ['down1', 2 * width],
    ['down2', 4 * width],
  ] as const) {
    features = convLayer(network, name, features, { filters, kernel, strides });
    features = normActivation(network, name, features, 'relu');
  }
  for (let block = 1; block <= blocks; block++) features = residual(network, `block${block}`, features);
  for (const [name, filters] of [
    ['up1', 2 * width],
    ['up2', width],
  ] as const) {
    features = transposeConvLayer(network, name, features, { filters, kernel, strides });
    features = normActivation(network, name, features, 'relu');
  }
  const colours = channelsOf(network, input);
  const last = reflectedConv(network, 'last', features, colours, 7);
  network.builder.output(activationLayer(network, 'image', last, 'tanh'));
  return network.builder.finish();
}

function residual(network: Network, name: string, input: Id): Id {
  const filters = channelsOf(network, input);
  const first = reflectedConv(network, `${name}/conv1`, input, filters, 3);
  const active = normActivation(network, `${name}/conv1`, first, 'relu');
  const second = reflectedConv(network, `${name}/conv2`, active, filters, 3);
  const normed = normActivation(network, `${name}/conv2`, second, 'none');
  return joinShortcut(network, `${name}/add`, input, normed);
}

function reflectedConv(network: Network, name: string, input: Id, filters: number, size: number): Id {
  const padded = reflectionPad(network, `${name}/pad`, input, (size - 1) / 2);
  return convLayer(network, name, padded, { filters, kernel: [size, size], padding: 'valid' });
}

function normActivation(network: Network, name: string, input: Id, activation: Activation): Id {
  const normed = instanceNormLayer(network, `${name}/norm`, input);
  return activationLayer(network, `${name}/${activation}`, normed, activation);
}
