import type { Model } from '@whittle/core';
import { expectPositive } from '../network.js';
import { divisibleChannels } from './divisible-channels.js';
import { invertedResidualNetwork } from './inverted-residual-network.js';
import type { MobileNetOptions } from './mobilenet-v1.js';

/** Expansion, kernel, stride of the first block, output channels and blocks. */
const rows = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const;

const stages = rows.map(([expansion, kernel, stride, channels, blocks]) => ({
  expansion,
  kernel,
  stride,
  channels,
  blocks,
}));

/**
 * EfficientNet-B0 (Tan and Le 2019, table 1): input [batch, 224, 224, 3], inverted residuals with squeeze and excitation to
 * a quarter of a block's input channels, swish; channels scaled by `alpha` to multiples of 8; 'same' padding, no stochastic
 * depth.
 * @throws OPTION_INVALID
 */
export function efficientnetB0({ alpha = 1, ...options }: MobileNetOptions = {}): Model {
  expectPositive('alpha', alpha);
  const activation = 'swish';
  const squeeze = (inputs: number) =>
    ({ squeezed: Math.max(1, Math.floor(inputs / 4)), activation }) as const;
  return invertedResidualNetwork(
    {
      name: `efficientnet-b0-${alpha}`,
      alpha,
      activation,
      stages,
      squeeze,
      last: divisibleChannels(1280 * alpha),
    },
    options,
  );
}
