import type { Model } from '@whittle/core';
import { convBnActivation, residualBlock } from './blocks.js';
import type { Shortcut } from './blocks.js';
import { globalAveragePool } from './layers.js';
import { buildClassifier, expectInteger } from './network.js';
import type { NetworkOptions } from './network.js';

export interface ResNetOptions extends NetworkOptions {
  /** Channels of the first stage; the others have 2 and 4 times as many. 16 unless told. */
  readonly width?: number;
  /** How the trunk's shape changes between stages. */
  readonly shortcut?: Shortcut;
}

/**
 * ResNet-20 for CIFAR-10 (He et al. 2015, section 4.2): input [batch, 32, 32, 3], a 3 x 3 convolution and three stages of
 * three residual blocks at 32 x 32, 16 x 16 and 8 x 8; shortcuts by padding unless told.
 * At width 16 and 10 classes 269,722 trainable parameters (271,098 with batch-norm statistics) and 40,551,040 MACs.
 * @throws OPTION_INVALID
 */
export function resnet20(options: ResNetOptions = {}): Model {
  return cifarResNet('resnet-20', 3, 'padding', options);
}

/**
 * ResNet-8, MLPerf Tiny's reference for image classification (Banbury et al. 2021): as ResNet-20 with one block a stage;
 * shortcuts by projection unless told. It leaves out the biases that the reference has in front of batch norms.
 * At width 16 and 10 classes 77,946 trainable parameters (78,426 with batch-norm statistics) and 12,501,632 MACs.
 * @throws OPTION_INVALID
 */
export function resnet8(options: ResNetOptions = {}): Model {
  return cifarResNet('resnet-8', 1, 'projection', options);
}

function cifarResNet(name: string, blocks: number, usual: Shortcut, options: ResNetOptions): Model {
  const { width = 16, shortcut = usual, ...rest } = options;
  expectInteger('width', width, 1);
  return buildClassifier(
    {
      name,
      input: [32, 32, 3],
      classes: 10,
      features(network, input) {
        let trunk = convBnActivation(network, 'conv1', input, { filters: width, kernel: [3, 3] });
        for (let stage = 0; stage < 3; stage++)
          for (let block = 0; block < blocks; block++)
            trunk = residualBlock(network, `stage${stage + 1}/block${block + 1}`, trunk, {
              filters: width << stage,
              stride: stage > 0 && block === 0 ? 2 : 1,
              shortcut,
            });
        return globalAveragePool(network, 'average', trunk);
      },
    },
    rest,
  );
}
