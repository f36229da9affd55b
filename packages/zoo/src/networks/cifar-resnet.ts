import type { Model } from '@whittle/core';
import { convBnActivation, residualBlock } from '../blocks/index.js';
import type { Shortcut } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { globalAveragePool } from '../layers/index.js';
import { expectInteger } from '../network.js';

export interface ResNetOptions extends ClassifierOptions {
  /** Channels of the first stage; the others have 2 and 4 times as many. 16 unless told. */
  readonly width?: number;
  /** How the trunk's shape changes between stages. */
  readonly shortcut?: Shortcut;
}

/**
 * ResNet-8, MLPerf Tiny's reference for image classification (Banbury et al. 2021): as ResNet-20 with one block a stage;
 * shortcuts by projection unless told. It leaves out the biases that the reference has in front of batch norms.
 * @throws OPTION_INVALID
 */
export function resnet8(options: ResNetOptions = {}): Model {
  return cifarResNet('resnet-8', 1, { shortcut: 'projection', ...options });
}

/**
 * ResNet-20 for CIFAR-10 (He et al. 2015, section 4.2): input [batch, 32, 32, 3], a 3 x 3 convolution and three stages of
 * three residual blocks at 32 x 32, 16 x 16 and 8 x 8; shortcuts by padding unless told.
 * @throws OPTION_INVALID
 */
export function resnet20(options: ResNetOptions = {}): Model {
  return cifarResNet('resnet-20', 3, options);
}

/** As `resnet20`, with 5 blocks a stage. @throws OPTION_INVALID */
export function resnet32(options: ResNetOptions = {}): Model {
  return cifarResNet('resnet-32', 5, options);
}

/** As `resnet20`, with 9 blocks a stage. @throws OPTION_INVALID */
export function resnet56(options: ResNetOptions = {}): Model {
  return cifarResNet('resnet-56', 9, options);
}

/** As `resnet20`, with 18 blocks a stage. @throws OPTION_INVALID */
export function resnet110(options: ResNetOptions = {}): Model {
  return cifarResNet('resnet-110', 18, options);
}

export interface SeResNetOptions extends ResNetOptions {
  /** How many times fewer channels are squeezed to than a block has: 16 unless told. At least one is left. */
  readonly reduction?: number;
}

/** `resnet20` with squeeze and excitation in each block (Hu et al. 2018, sections 3.4 and 5.1). @throws OPTION_INVALID */
export function seResnet20({ reduction = 16, ...options }: SeResNetOptions = {}): Model {
  expectInteger('reduction', reduction, 1);
  return cifarResNet('se-resnet-20', 3, options, (filters) => Math.max(1, Math.floor(filters / reduction)));
}

function cifarResNet(
  name: string,
  blocks: number,
  options: ResNetOptions,
  squeezedOf?: (filters: number) => number,
): Model {
  const { width = 16, shortcut = 'padding', ...rest } = options;
  expectInteger('width', width, 1);
  return buildClassifier(
    {
      name,
      input: [32, 32, 3],
      classes: 10,
      features(network, input) {
        let trunk = convBnActivation(network, 'conv1', input, { filters: width, kernel: [3, 3] });
        for (let stage = 0; stage < 3; stage++)
          for (let block = 0; block < blocks; block++) {
            const filters = width << stage;
            const stride = stage > 0 && block === 0 ? 2 : 1;
            const squeezed = squeezedOf?.(filters);
            const id = `stage${stage + 1}/block${block + 1}`;
            trunk = residualBlock(network, id, trunk, { filters, stride, shortcut, squeezed });
          }
        return globalAveragePool(network, 'average', trunk);
      },
    },
    rest,
  );
}
