import type { Model } from '@whittle/core';
import { convBnActivation, invertedResidual } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import { activationLayer, denseLayer, globalAveragePool } from '../layers/index.js';
import { expectPositive } from '../network.js';
import { divisibleChannels } from './divisible-channels.js';
import type { MobileNetOptions } from './mobilenet-v1.js';

interface Block {
  readonly kernel: 3 | 5;
  readonly expanded: number;
  readonly filters: number;
  readonly squeezed: boolean;
  readonly activation: 'relu' | 'hard_swish';
  readonly stride: 1 | 2;
}

const block = (
  kernel: 3 | 5,
  expanded: number,
  filters: number,
  squeezed: boolean,
  activation: Block['activation'],
  stride: 1 | 2,
): Block => ({ kernel, expanded, filters, squeezed, activation, stride });

const blocks: readonly Block[] = [
  block(3, 16, 16, true, 'relu', 2),
  block(3, 72, 24, false, 'relu', 2),
  block(3, 88, 24, false, 'relu', 1),
  block(5, 96, 40, true, 'hard_swish', 2),
  block(5, 240, 40, true, 'hard_swish', 1),
  block(5, 240, 40, true, 'hard_swish', 1),
  block(5, 120, 48, true, 'hard_swish', 1),
  block(5, 144, 48, true, 'hard_swish', 1),
  block(5, 288, 96, true, 'hard_swish', 2),
  block(5, 576, 96, true, 'hard_swish', 1),
  block(5, 576, 96, true, 'hard_swish', 1),
];

/**
 * MobileNetV3-Small (Howard et al. 2019, table 2): input [batch, 224, 224, 3], squeeze and excitation with hard sigmoids to
 * a quarter of the expanded channels, hard swish, and a dense layer of 1024 units in front of the last; channels scaled by
 * `alpha` to multiples of 8; 'same' padding.
 * @throws OPTION_INVALID
 */
export function mobilenetV3Small({ alpha = 1, ...options }: MobileNetOptions = {}): Model {
  expectPositive('alpha', alpha);
  const scaled = (channels: number) => divisibleChannels(channels * alpha);
  return buildClassifier(
    {
      name: `mobilenet-v3-small-${alpha}`,
      input: [224, 224, 3],
      classes: 1000,
      features(network, input) {
        const activation = 'hard_swish';
        let features = convBnActivation(network, 'conv1', input, {
          filters: scaled(16),
          kernel: [3, 3],
          strides: [2, 2],
          activation,
        });
        blocks.forEach((b, i) => {
          const expanded = scaled(b.expanded);
          features = invertedResidual(network, `block${i + 1}`, features, {
            ...b,
            expanded,
            filters: scaled(b.filters),
            squeeze: b.squeezed
              ? { squeezed: divisibleChannels(expanded / 4), gate: 'hard_sigmoid' }
              : undefined,
          });
        });
        const last = { filters: 6 * scaled(96), kernel: [1, 1] as [number, number], activation } as const;
        const pixels = convBnActivation(network, 'last', features, last);
        const averages = globalAveragePool(network, 'average', pixels);
        const sums = denseLayer(network, 'dense1', averages, { units: scaled(1024) });
        return activationLayer(network, 'dense1/hard_swish', sums, activation);
      },
    },
    options,
  );
}
