import type { Model } from '@whittle/core';
import { expectPositive } from '../network.js';
import { divisibleChannels } from './divisible-channels.js';
import { invertedResidualNetwork } from './inverted-residual-network.js';
import type { MobileNetOptions } from './mobilenet-v1.js';

/** Expansion, output channels, blocks and stride of the first one. */
const rows = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

const stages = rows.map(([expansion, channels, blocks, stride]) => ({
  expansion,
  kernel: 3,
  stride,
  channels,
  blocks,
}));

/**
 * MobileNetV2 (Sandler et al. 2018, table 2): input [batch, 224, 224, 3], channels scaled by `alpha` to multiples of 8,
 * the last 1280 by `alpha` above 1 only, 'same' padding as Keras has it.
 * @throws OPTION_INVALID
 */
export function mobilenetV2({ alpha = 1, ...options }: MobileNetOptions = {}): Model {
  expectPositive('alpha', alpha);
  const last = divisibleChannels(1280 * Math.max(1, alpha));
  return invertedResidualNetwork(
    { name: `mobilenet-v2-${alpha}`, alpha, activation: 'relu6', stages, last },
    options,
  );
}
